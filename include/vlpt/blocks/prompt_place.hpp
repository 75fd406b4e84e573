#pragma once

namespace vlpt {

/// Where the rows of a prompt policy stand in a sequence: before its class row, behind it, or
/// behind all rows. Positions are added before, and attention does not ask for order, so a place
/// changes nothing but which row a model reads that always takes the first (METER).
enum class PromptPlace { front, after_class, end };

}  // namespace vlpt
