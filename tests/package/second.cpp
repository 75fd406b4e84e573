// A second file that includes everything: it would not link if a header defined a thing twice.
#include <vlpt/io.hpp>
#include <vlpt/vlpt.hpp>

vlpt::Index second() { return vlpt::Shape{2, 3}.size(); }
