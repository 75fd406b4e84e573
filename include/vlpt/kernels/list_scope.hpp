#pragma once
#include <exception>

namespace vlpt {

/// A backend that repeats a list of calls faster than it is asked for them one by one. Between
/// begin_list() and end_list(), pairs of which may stand inside one another, calls may wait until
/// the last end_list() or until the host wants values of them; break_list() ends a pair that an
/// exception leaves: what was asked for happens, and an error in it is the next call's.
template <class B>
concept RepeatsLists = requires(B const b) {
  b.begin_list();
  b.end_list();
  b.break_list();
};

/// A scope whose calls are a list, where the backend repeats lists; else nothing. Memory of the
/// backend that they use must outlive it. It ends with the errors of what waited.
template <class B>
class ListScope {
 public:
  explicit ListScope(B const& /*backend*/) {}
};

template <RepeatsLists B>
class ListScope<B> {
 public:
  explicit ListScope(B const& backend)
      : backend_(backend), exceptions_(std::uncaught_exceptions()) {
    backend_.begin_list();
  }
  ~ListScope() noexcept(false) {
    if (std::uncaught_exceptions() > exceptions_)
      backend_.break_list();
    else
      backend_.end_list();
  }
  ListScope(ListScope const&) = delete;
  ListScope& operator=(ListScope const&) = delete;

 private:
  B const& backend_;
  int exceptions_;
};

}  // namespace vlpt
