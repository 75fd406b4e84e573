// The main of the tests where Boost is headers alone.
#define BOOST_TEST_MODULE vlpt
#include <boost/test/included/unit_test.hpp>
