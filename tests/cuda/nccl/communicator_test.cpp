// A communicator of one process: its sums are the values themselves, in the order of the stream.
#include "vlpt/kernels/cuda/communicator.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/train/mean_over_ranks.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(communicator)

using Scalars = boost::mpl::list<float, double, bf16>;

static_assert(SumsOverRanks<Communicator, Cuda<float>> && SumsOverRanks<Communicator, Cuda<bf16>>);

BOOST_AUTO_TEST_CASE_TEMPLATE(one_rank_sums_to_itself, T, Scalars) {
  Cuda<T> const backend;
  Communicator made(Communicator::make_id(), 0, 1, backend.device());
  Communicator const one(std::move(made));
  std::vector<T> values;
  for (int i = 1; i < 6; ++i) values.push_back(T(i));
  DeviceMemory const memory(values.size() * sizeof(T));
  std::span<T> const there(reinterpret_cast<T*>(memory.data()), values.size());
  bring(backend, std::span<T const>(values), there.data());
  one.sum(backend, there);
  backend.scale(2, Stream<T>(there.data(), 1, 1, 5));
  one.sum(backend, there.first(0));
  fetch(backend, static_cast<T const*>(there.data()), std::span(values));
  for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(values[i] == T(2 * i + 2));
  BOOST_TEST(one.ranks() == 1);
}

BOOST_AUTO_TEST_CASE(ranks_that_are_none_are_refused) {
  BOOST_CHECK_THROW(Communicator(Communicator::make_id(), 1, 1, 0), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
