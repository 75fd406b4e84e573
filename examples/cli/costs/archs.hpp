#pragma once
#include <optional>
#include <string>
#include <vector>

#include "arch_facts.hpp"
#include "vlpt/core/tokens.hpp"

namespace vlpt::cli {

struct KnownArch {
  std::string name, meaning;
  ArchFacts facts;
};

/// Every architecture that has a name on the command line.
[[nodiscard]] std::vector<KnownArch> const& archs();
[[nodiscard]] std::vector<std::string> arch_names();
/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] KnownArch const& arch_named(std::string const& name);

/// Width, layers (of each tower or stream), heads, and the rows that it is given if nothing else is
/// asked for.
struct ArchSizes {
  std::string width, layers, heads;
  Tokens rows;
};
[[nodiscard]] ArchSizes sizes_of(ArchFacts const& facts);
/// The layers that a plan may skip, over all towers and streams.
[[nodiscard]] Index layers_of(ArchFacts const& facts);
/// DAS's short-cuts are this wide unless told otherwise.
[[nodiscard]] Index shortcut_of(ArchFacts const& facts);

/// Makes an architecture read texts and images of so many rows (none given: its own number), and
/// says of how many. InputError, with the nearest, for rows that it cannot have.
[[nodiscard]] Tokens read_rows(ArchFacts& facts, std::string const& name, std::optional<Index> text,
                               std::optional<Index> image);

}  // namespace vlpt::cli
