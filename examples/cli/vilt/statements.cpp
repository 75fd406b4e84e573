#include "statements.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vlpt::cli {
namespace {

/// C stands for a colour, S for a shape.
constexpr std::array<std::string_view, 12> captions{"a C S",
                                                    "the S is C",
                                                    "the color of the S is C",
                                                    "there is a C S in the image",
                                                    "the image does contain a C S",
                                                    "a C S is present",
                                                    "what the image shows is a C S",
                                                    "the shape is a S",
                                                    "a S",
                                                    "the color of the shape is C",
                                                    "a C shape",
                                                    "there is a C shape"};
constexpr std::array<std::string_view, 4> questions{
    "what shape is present?", "what shape is in the image?", "what shape does the image contain?",
    "what is the C shape?"};
constexpr Index shapes = io::easy_vqa_shapes.size(), colours = io::easy_vqa_colours.size();

std::string filled(std::string_view pattern, std::string_view colour, std::string_view shape) {
  std::string out;
  for (char const c : pattern)
    if (c == 'C')
      out += colour;
    else if (c == 'S')
      out += shape;
    else
      out += c;
  return out;
}

/// Another of n than `but`.
Index other(Index but, Index n, Random random) { return (but + 1 + random.below(4, n - 1)) % n; }

/// Where the shape of a picture lies, and a pixel that is plain background.
struct ShapeBox {
  Index left, top, width, height, plain_x, plain_y;
};

ShapeBox shape_box(io::Image const& in) {
  Index const c = in.channels;
  auto const same = [&](Index x, Index y, Index u, Index v) {
    return std::equal(in.row(y) + x * c, in.row(y) + (x + 1) * c, in.row(v) + u * c);
  };
  // The shape covers one corner at most, so two opposite ones or the other two are equal.
  Index const right = in.width - 1, low = in.height - 1;
  Index const px = same(0, 0, right, low) ? 0 : right, py = 0;
  Index left = in.width, top = in.height, last_x = -1, last_y = -1;
  for (Index y = 0; y < in.height; ++y)
    for (Index x = 0; x < in.width; ++x)
      if (!same(x, y, px, py)) {
        left = std::min(left, x), last_x = std::max(last_x, x);
        top = std::min(top, y), last_y = std::max(last_y, y);
      }
  if (last_x < 0) return {0, 0, 0, 0, px, py};
  return {left, top, last_x - left + 1, last_y - top + 1, px, py};
}

}  // namespace

Statements::Statements(io::EasyVqa const& data, Index each, std::uint64_t seed, bool augmented)
    : data_(&data),
      augmented_(augmented),
      class_names_(io::easy_vqa_shapes.begin(), io::easy_vqa_shapes.end()) {
  class_names_.insert(class_names_.end(), io::easy_vqa_colours.begin(), io::easy_vqa_colours.end());
  class_names_.insert(class_names_.end(), {"false", "true"});
  auto const facts = io::easy_vqa_facts(data);
  for (Index p = 0; p < data.pictures(); ++p) {
    auto const& is = facts[static_cast<std::size_t>(p)];
    for (Index k = 0; is.known() && k < each; ++k) {
      Random const draw = Random{seed, 0x737461746573ULL}
                              .fork(static_cast<std::uint64_t>(p))
                              .fork(static_cast<std::uint64_t>(k));
      items_.push_back(made(p, is, k % 8, draw));
    }
  }
}

Statements::Item Statements::made(Index picture, io::ShapeFacts const& is, Index kind,
                                  Random draw) {
  Item item{.picture = picture, .draw = draw};
  auto const one_of = [&](auto const& patterns) {
    return patterns[static_cast<std::size_t>(draw.below(1, std::ssize(patterns)))];
  };
  std::string_view pattern = one_of(captions);
  auto const says = [&](char what) { return pattern.find(what) != std::string_view::npos; };
  std::string_view colour = io::easy_vqa_colours[static_cast<std::size_t>(is.colour)];
  std::string_view shape = io::easy_vqa_shapes[static_cast<std::size_t>(is.shape)];
  // Of what a caption says, one thing is in question: its colour or its shape.
  bool const of_colour = says('C') && (!says('S') || draw.below(3, 2) == 1);
  if (kind < 2) {
    pattern = one_of(questions);
    item.score.answer = is.shape;
    item.kind = StatementKind::shape_question;
  } else if (kind < 5) {
    item.score.answer = of_colour ? shapes + is.colour : is.shape;
    item.kind = of_colour ? StatementKind::masked_colour : StatementKind::masked_shape;
    (of_colour ? colour : shape) = "[MASK]";
  } else {
    bool const is_true = draw.below(2, 2) == 1;
    if (!is_true && of_colour)
      colour = io::easy_vqa_colours[static_cast<std::size_t>(other(is.colour, colours, draw))];
    else if (!is_true)
      shape = io::easy_vqa_shapes[static_cast<std::size_t>(other(is.shape, shapes, draw))];
    item.score.answer = shapes + colours + (is_true ? 1 : 0);
  }
  item.text = filled(pattern, colour, shape);
  return item;
}

void Statements::image(Index i, io::Image& out) const {
  io::Image const& in = data_->picture_at(item(i).picture);
  out = in;
  if (!augmented_) return;
  Random const draw = item(i).draw.fork(1);
  bool const mirrored = draw.below(0, 2) == 1;
  ShapeBox const box = shape_box(in);
  Index const left = draw.below(1, in.width - box.width + 1);
  Index const top = draw.below(2, in.height - box.height + 1);
  Index const c = in.channels;
  for (Index y = 0; y < in.height; ++y)
    for (Index x = 0; x < in.width; ++x)
      std::copy_n(in.row(box.plain_y) + box.plain_x * c, c, out.row(y) + x * c);
  for (Index y = 0; y < box.height; ++y)
    for (Index x = 0; x < box.width; ++x)
      std::copy_n(in.row(box.top + y) + (box.left + (mirrored ? box.width - 1 - x : x)) * c, c,
                  out.row(top + y) + (left + x) * c);
}

}  // namespace vlpt::cli
