#include "clip_tasks.hpp"

#include <algorithm>

namespace vlpt::cli {
namespace {

using Classes = std::vector<io::EmojiClass>;

struct Table {
  char const* name;
  bool held_out;
  Classes classes;
};

std::vector<Table> const& tables() {
  static std::vector<Table> const all{
      {"travel",
       false,
       {{"building", {"place-building"}},
        {"place of worship", {"place-religious"}},
        {"landscape", {"place-geographic"}},
        {"vehicle", {"transport-ground"}},
        {"boat", {"transport-water"}},
        {"aircraft", {"transport-air"}},
        {"clock", {"time"}},
        {"weather", {"sky & weather"}}}},
      {"activities",
       false,
       {{"party", {"event"}},
        {"medal", {"award-medal"}},
        {"sport", {"sport"}},
        {"game", {"game"}},
        {"arts", {"arts & crafts"}}}},
      {"objects",
       false,
       {{"clothing", {"clothing"}},
        {"musical instrument", {"musical-instrument"}},
        {"computer", {"computer"}},
        {"video", {"light & video"}},
        {"book", {"book-paper"}},
        {"money", {"money"}},
        {"mail", {"mail"}},
        {"office", {"office"}},
        {"tool", {"tool"}},
        {"household", {"household"}}}},
      {"symbols",
       false,
       {{"sign", {"transport-sign", "warning"}},
        {"arrow", {"arrow"}},
        {"religion", {"religion"}},
        {"zodiac", {"zodiac"}},
        {"button", {"av-symbol"}},
        {"letter", {"alphanum"}},
        {"shape", {"geometric"}}}},
      {"people",
       false,
       {{"smiling face", {"face-smiling", "face-affection", "face-tongue"}},
        {"sad face", {"face-concerned", "face-negative", "face-unwell"}},
        {"cat", {"cat-face"}},
        {"heart", {"heart"}},
        {"hand",
         {"hand-fingers-open", "hand-fingers-partial", "hand-single-finger", "hand-fingers-closed",
          "hands"}},
        {"body", {"body-parts"}},
        {"person", {"person", "person-gesture", "person-role", "person-fantasy"}},
        {"person in sport", {"person-activity", "person-sport"}}}},
      {"animals",
       true,
       {{"mammal", {"animal-mammal"}},
        {"bird", {"animal-bird"}},
        {"reptile", {"animal-reptile"}},
        {"sea animal", {"animal-marine"}},
        {"insect", {"animal-bug"}},
        {"flower", {"plant-flower"}},
        {"plant", {"plant-other"}}}},
      {"food",
       true,
       {{"fruit", {"food-fruit"}},
        {"vegetable", {"food-vegetable"}},
        {"dish", {"food-prepared"}},
        {"asian food", {"food-asian"}},
        {"seafood", {"food-marine"}},
        {"sweet", {"food-sweet"}},
        {"drink", {"drink"}},
        {"dishware", {"dishware"}}}}};
  return all;
}

}  // namespace

ClipSources ClipSources::open() {
  constexpr char const* garments = "/usr/share/datasets/fashion-mnist";
  auto const require = [](char const* path, char const* package) {
    VLPT_CHECK(io::is_there(path), "there is no ", path, "; install it with: apt-get install ",
               package);
  };
  require(io::EmojiSet::usual_font, "fonts-noto-color-emoji");
  require(io::EmojiSet::usual_names, "unicode-data");
  require(garments, "dataset-fashion-mnist");
  using Part = io::IdxGz::Part;
  return {std::make_shared<io::EmojiSet>(io::EmojiSet::open()),
          std::make_shared<io::IdxGz>(io::IdxGz::open(garments, Part::train)),
          std::make_shared<io::IdxGz>(io::IdxGz::open(garments, Part::test))};
}

bool held_out_group(std::string const& group) {
  return group == "Animals & Nature" || group == "Food & Drink" || group == "Flags";
}
std::vector<Index> held_out_emoji(io::EmojiSet const& set) {
  std::vector<Index> out;
  Index seen = 0;
  for (Index i = 0; i < set.size(); ++i)
    if (!held_out_group(set[i].group) && seen++ % 20 == 7) out.push_back(i);
  return out;
}
std::string kind_of(std::string const& subgroup) {
  for (Table const& t : tables())
    for (io::EmojiClass const& c : t.classes)
      if (!t.held_out && std::ranges::count(c.subgroups, subgroup) > 0) return c.name;
  return {};
}
std::vector<Index> seen_garments() { return {0, 1, 2, 3, 4}; }
std::vector<Index> held_out_garments() { return {5, 6, 7, 8, 9}; }
std::vector<std::string> garment_names() {
  return {"t-shirt", "trouser", "pullover", "dress", "coat",
          "sandal",  "shirt",   "sneaker",  "bag",   "ankle boot"};
}

std::vector<ClipTask> clip_tasks(ClipSources const& sources) {
  std::vector<ClipTask> out;
  for (Table const& t : tables())
    out.push_back({t.name, t.held_out, "an emoji of {}.", io::EmojiTask(sources.emoji, t.classes)});
  auto const garments = [&](std::vector<Index> const& classes) {
    std::vector<std::string> names;
    for (Index const c : classes) names.push_back(garment_names()[static_cast<std::size_t>(c)]);
    return io::SomeClasses<io::IdxGz>(sources.test, classes, names);
  };
  out.push_back({"garments", false, "a photo of a {}.", garments(seen_garments())});
  out.push_back({"fashion", true, "a photo of a {}.", garments(held_out_garments())});
  out.push_back(
      {"colours", true, "a photo of a {} coat.", Coloured(garments(held_out_garments()))});
  return out;
}

}  // namespace vlpt::cli
