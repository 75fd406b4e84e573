#include "vlpt/ops/embed_tokens.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "vlpt/kernels/reference.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(embed_tokens)

// Two texts of two words and one shared inserted row, which stands second, then last.
BOOST_AUTO_TEST_CASE(rows_come_from_words_and_from_what_is_inserted) {
  EmbedTokens const embed{.vocabulary = 3, .positions = 4, .dim = 2};
  std::vector<double> table{1, 2, 3, 4, 5, 6}, places(8), given{70, 80}, out(12), d(12), d_given(2);
  places[4] = 0.5;  // of the third row
  std::vector<Index> const ids{2, 0, 1, 1}, order{0, 2, 1, 0, 1, 2};
  TokenRows const rows{2, 2, 1, 3, ids.data(), order.data()};
  EmbedTokens::Params<double> const p{{table.data(), 3, 2}, {places.data(), 4, 2}};
  std::vector<double> room(64), d_table(6), d_places(8);
  Arena tape, scratch(static_cast<std::byte*>(static_cast<void*>(room.data())), 512);
  Reference<double> const backend;
  Context<Reference<double>> c{backend, tape, scratch};
  embed.forward<InferFlow>(c, p, rows, Stream<double const>(given.data(), 1, 1, 2),
                           Stream<double>(out.data(), 2, 3, 2));
  BOOST_TEST((out == std::vector<double>{5, 6, 70, 80, 1.5, 2, 3, 4, 3, 4, 70.5, 80}));

  for (std::size_t i = 0; i < 12; ++i) d[i] = static_cast<double>(i);
  EmbedTokens::Params<double> g{{d_table.data(), 3, 2}, {d_places.data(), 4, 2}};
  embed.backward<Flow<learn::All, true>>(c, rows, Stream<double const>(d.data(), 2, 3, 2),
                                         Stream<double>(d_given.data(), 1, 1, 2), g);
  BOOST_TEST((d_given == std::vector<double>{2 + 10, 3 + 11}));
  BOOST_TEST((d_table == std::vector<double>{4, 5, 6 + 8, 7 + 9, 0, 1}));
  BOOST_TEST((d_places == std::vector<double>{0 + 6, 1 + 7, 2 + 8, 3 + 9, 4 + 10, 5 + 11, 0, 0}));
}

// The rows of a text that stand behind others have the positions that they have in the whole text.
BOOST_AUTO_TEST_CASE(some_rows_are_those_of_the_whole_text) {
  EmbedTokens const embed{.vocabulary = 3, .positions = 4, .dim = 2};
  std::vector<double> table{1, 2, 3, 4, 5, 6}, places(8), out(4), d{1, 2, 3, 4};
  places[4] = 0.5;
  std::vector<Index> const ids{2, 0, 1, 2, 1, 0}, order{0, 1, 2, 0, 1, 2};
  TokenRows const rows{2, 3, 0, 3, ids.data(), order.data(), 2};
  EmbedTokens::Params<double> const p{{table.data(), 3, 2}, {places.data(), 4, 2}};
  std::vector<double> room(64), d_table(6), d_places(8);
  Arena tape, scratch(static_cast<std::byte*>(static_cast<void*>(room.data())), 512);
  Reference<double> const backend;
  Context<Reference<double>> c{backend, tape, scratch};
  embed.forward<InferFlow>(c, p, rows, Stream<double const>{}, Stream<double>(out.data(), 2, 1, 2));
  BOOST_TEST((out == std::vector<double>{3.5, 4, 1.5, 2}));
  EmbedTokens::Params<double> g{{d_table.data(), 3, 2}, {d_places.data(), 4, 2}};
  embed.backward<Flow<learn::All, true>>(c, rows, Stream<double const>(d.data(), 2, 1, 2),
                                         Stream<double>{}, g);
  BOOST_TEST((d_table == std::vector<double>{3, 4, 1, 2, 0, 0}));
  BOOST_TEST((d_places == std::vector<double>{0, 0, 0, 0, 4, 6, 0, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
