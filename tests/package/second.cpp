// A second file that includes everything: it would not link if a header defined a thing twice.
#if __has_include(<vlpt/vlpt.hpp>)
#include <vlpt/vlpt.hpp>
#endif
#include <vlpt/core/shape.hpp>

vlpt::Index second() { return vlpt::Shape{2, 3}.size(); }
