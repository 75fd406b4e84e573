#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/io/pickle_names.hpp"
#include "vlpt/io/pickle_source.hpp"
#include "vlpt/io/pickle_stack.hpp"
#include "vlpt/io/pickle_value.hpp"

namespace vlpt::io {

/// Reads a pickle (protocols 2 to 5) as torch.save writes it: plain values and tensors. Any name
/// that pickle_names lacks is refused with that name. It never recurses, so nesting costs nothing,
/// and its steps bound what it may hold. CheckpointError names `where` and the byte.
class Unpickler {
 public:
  static constexpr std::size_t max_bytes = std::size_t{1} << 26;
  static constexpr std::size_t max_steps = std::size_t{1} << 21;

  [[nodiscard]] static Pickle read(std::string_view bytes, std::string where) {
    return Unpickler(bytes, std::move(where)).run();
  }

 private:
  using Kind = PickleItems::Kind;

  Unpickler(std::string_view bytes, std::string where)
      : source_(bytes, std::move(where)), stack_(source_) {}

  Pickle run() {
    if (source_.size() > max_bytes)
      source_.fail("it has ", source_.size(), " bytes; the limit is ", max_bytes);
    for (std::size_t step = 0; step < max_steps; ++step) {
      auto const code = source_.number<std::uint8_t>();
      if (code == '.') return std::move(stack_).finish();
      if (!plain(code) && !text_or_bytes(code) && !container(code) && !memo(code)) special(code);
    }
    source_.fail("it has more than ", max_steps, " steps");
  }

  bool plain(std::uint8_t code) {
    if (code == 'N')
      stack_.push(std::monostate{});
    else if (code == 0x88 || code == 0x89)
      stack_.push(code == 0x88);
    else if (code == 'J')
      stack_.push(std::int64_t{source_.number<std::int32_t>()});
    else if (code == 'K')
      stack_.push(std::int64_t{source_.number<std::uint8_t>()});
    else if (code == 'M')
      stack_.push(std::int64_t{source_.number<std::uint16_t>()});
    else if (code == 0x8a)
      integer(source_.counted<std::uint8_t>());
    else if (code == 0x8b)
      integer(source_.counted<std::uint32_t>());
    else if (code == 'G')
      big_endian_double();
    else
      return false;
    return true;
  }
  bool text_or_bytes(std::uint8_t code) {
    if (code == 'X' || code == 'T')  // T and U: strings of Python 2
      stack_.push(PickleText{source_.counted<std::uint32_t>()});
    else if (code == 0x8c || code == 'U')
      stack_.push(PickleText{source_.counted<std::uint8_t>()});
    else if (code == 0x8d)
      stack_.push(PickleText{source_.counted<std::uint64_t>()});
    else if (code == 'B')
      stack_.push(PickleBytes{source_.counted<std::uint32_t>()});
    else if (code == 'C')
      stack_.push(PickleBytes{source_.counted<std::uint8_t>()});
    else if (code == 0x8e)
      stack_.push(PickleBytes{source_.counted<std::uint64_t>()});
    else
      return false;
    return true;
  }
  bool container(std::uint8_t code) {
    if (code == '(')
      stack_.mark();
    else if (code == ')')
      stack_.push_items(Kind::tuple, {});
    else if (code == ']')
      stack_.push_items(Kind::list, {});
    else if (code == '}')
      stack_.push_items(Kind::dict, {});
    else if (code == 't')
      stack_.push_items(Kind::tuple, stack_.pop_to_mark());
    else if (code >= 0x85 && code <= 0x87)
      stack_.push_items(Kind::tuple, stack_.pop_many(code - std::size_t{0x84}));
    else if (code == 'a')
      stack_.append(stack_.pop_many(1));
    else if (code == 'e')
      stack_.append(stack_.pop_to_mark());
    else if (code == 's')
      stack_.set_items(stack_.pop_many(2));
    else if (code == 'u')
      stack_.set_items(stack_.pop_to_mark());
    else
      return false;
    return true;
  }
  bool memo(std::uint8_t code) {
    if (code == 'q')
      stack_.keep(source_.number<std::uint8_t>());
    else if (code == 'r')
      stack_.keep(source_.number<std::uint32_t>());
    else if (code == 0x94)
      stack_.keep_next();
    else if (code == 'h')
      stack_.recall(source_.number<std::uint8_t>());
    else if (code == 'j')
      stack_.recall(source_.number<std::uint32_t>());
    else if (code == '0')
      (void)stack_.pop();
    else if (code == '1')
      (void)stack_.pop_to_mark();
    else
      return false;
    return true;
  }
  /// Protocol, frames, names, calls, storages.
  void special(std::uint8_t code) {
    if (code == 0x80)
      protocol();
    else if (code == 0x95)
      (void)source_.take(8);  // a frame's length: of no use here
    else if (code == 'c')
      name_of_two_lines();
    else if (code == 0x93)
      name_on_stack();
    else if (code == 'R')
      call();
    else if (code == 'b')
      state();
    else if (code == 'Q')
      storage();
    else if (code == 0x8f || code == 0x91)
      source_.refuse(code == 0x8f ? "builtins.set" : "builtins.frozenset");
    else
      source_.fail("operation ", +code, " is none that torch.save needs for tensors");
  }

  void protocol() {
    auto const version = source_.number<std::uint8_t>();
    if (version < 2 || version > 5)
      source_.fail("protocol ", +version, " is not known; 2 to 5 are read");
  }
  void name(std::string const& full) {
    auto const known = pickle_name(full);
    if (!known) source_.refuse(full);
    stack_.push(*known);
  }
  void name_of_two_lines() {
    std::string const module(source_.line());
    name(module + "." + std::string(source_.line()));
  }
  void name_on_stack() {
    auto const both = stack_.pop_many(2);
    auto const* const module = std::get_if<PickleText>(&both[0]);
    auto const* const last = std::get_if<PickleText>(&both[1]);
    if (module == nullptr || last == nullptr) source_.fail("a name is no string");
    name(std::string(module->utf8) + "." + std::string(last->utf8));
  }
  /// state_dict's _metadata, the versions of its modules: nothing here needs them.
  void state() {
    PickleValue const facts = stack_.pop();
    auto const* const object = std::get_if<PickleItems>(&stack_.top());
    if (object == nullptr || object->kind != Kind::ordered_dict ||
        stack_.read().dict(facts) == nullptr)
      source_.fail("it sets the state of ", kind_of(stack_.top()), " to ", kind_of(facts),
                   "; only an OrderedDict has one here, a dict");
  }

  void call() {
    auto const both = stack_.pop_many(2);
    auto const* const name = std::get_if<PickleName>(&both[0]);
    if (name == nullptr) source_.fail("it calls ", kind_of(both[0]), ", which is no name");
    auto const* const given = stack_.read().tuple(both[1]);
    if (given == nullptr)
      source_.fail("it calls ", name->full, " with ", kind_of(both[1]), " for its arguments");
    if (name->means == PickleName::Means::ordered_dict && given->empty())
      stack_.push_items(Kind::ordered_dict, {});
    else if (name->means == PickleName::Means::rebuild_tensor && given->size() >= 6)
      tensor(*given);
    else
      source_.fail("it calls ", name->full, " with ", given->size(), " arguments");
  }
  /// _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks, metadata)
  void tensor(std::vector<PickleValue> const& given) {
    auto& read = stack_.read();
    auto const* const at = std::get_if<TorchStorageAt>(&given[0]);
    auto const* const offset = std::get_if<std::int64_t>(&given[1]);
    if (at == nullptr || offset == nullptr || *offset < 0)
      source_.fail("a tensor starts at ", kind_of(given[1]), " of ", kind_of(given[0]));
    TorchTensor t{read.storages[at->index], *offset, {}, {}};
    auto const extents = counts(given[2]), strides = counts(given[3]);
    if (extents.size() > std::size_t{Shape::max_rank} || extents.size() != strides.size())
      source_.fail("a tensor has ", extents.size(), " extents and ", strides.size(),
                   " strides; as many of both are needed, and at most ", Shape::max_rank);
    for (std::size_t i = 0; i < extents.size(); ++i) {
      t.shape.append(extents[i]);
      t.strides[i] = strides[i];
    }
    stack_.push(TorchTensorAt{static_cast<std::uint32_t>(read.tensors.size())});
    read.tensors.push_back(t);
  }
  /// ("storage", torch.FloatStorage, key, device, count)
  void storage() {
    PickleValue const id = stack_.pop();
    auto& read = stack_.read();
    auto const* const given = read.tuple(id);
    if (given == nullptr || given->size() != 5) source_.fail("a storage lacks its five facts");
    auto const* const type = std::get_if<PickleName>(&(*given)[1]);
    auto const* const key = std::get_if<PickleText>(&(*given)[2]);
    auto const* const count = std::get_if<std::int64_t>(&(*given)[4]);
    if (type == nullptr || type->means != PickleName::Means::storage || key == nullptr ||
        count == nullptr || *count < 0)
      source_.fail("a storage is not described as torch.save does");
    stack_.push(TorchStorageAt{static_cast<std::uint32_t>(read.storages.size())});
    read.storages.push_back({key->utf8, type->dtype, *count});
  }
  [[nodiscard]] std::vector<std::int64_t> counts(PickleValue const& value) {
    auto const* const tuple = stack_.read().tuple(value);
    if (tuple == nullptr) source_.fail("a tensor has ", kind_of(value), " for a shape or strides");
    std::vector<std::int64_t> all;
    for (PickleValue const& item : *tuple) {
      auto const* const n = std::get_if<std::int64_t>(&item);
      if (n == nullptr || *n < 0)
        source_.fail("a tensor has an extent or a stride that is no count");
      all.push_back(*n);
    }
    return all;
  }

  void integer(std::string_view bytes) {
    if (bytes.size() > 8) return stack_.push(WideInteger{});
    std::uint64_t n = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    if (!bytes.empty()) std::memcpy(&n, bytes.data(), bytes.size());
    stack_.push(static_cast<std::int64_t>(n));
  }
  void big_endian_double() {
    std::uint64_t n = 0;
    for (char const c : source_.take(8)) n = n << 8 | static_cast<unsigned char>(c);
    stack_.push(std::bit_cast<double>(n));
  }

  PickleSource source_;
  PickleStack stack_;
};

}  // namespace vlpt::io
