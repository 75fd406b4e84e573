// A communicator of one process: its sums are the values themselves, in the order of the stream.
#include "vlpt/kernels/cuda/communicator.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/apart.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(communicator)

using Scalars = boost::mpl::list<float, double>;

BOOST_AUTO_TEST_CASE_TEMPLATE(one_rank_sums_to_itself, T, Scalars) {
  Cuda<T> const backend;
  Communicator made(Communicator::make_id(), 0, 1, backend.device());
  Communicator const one(std::move(made));
  std::vector<T> values{1, 2, 3, 4, 5};
  DeviceMemory const memory(values.size() * sizeof(T));
  std::span<T> const there(reinterpret_cast<T*>(memory.data()), values.size());
  bring(backend, std::span<T const>(values), there.data());
  one.sum(backend, there);
  backend.scale(T(2), Stream<T>(there.data(), 1, 1, 5));
  one.sum(backend, there.first(0));
  fetch(backend, static_cast<T const*>(there.data()), std::span(values));
  BOOST_TEST((values == std::vector<T>{2, 4, 6, 8, 10}));
}

BOOST_AUTO_TEST_CASE(ranks_that_are_none_are_refused) {
  BOOST_CHECK_THROW(Communicator(Communicator::make_id(), 1, 1, 0), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
