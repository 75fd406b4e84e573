#pragma once
#include <cmath>
#include <numbers>
#include <string_view>

// Activations as types: value(x) and slope(x) = d value / d x. Any scalar. constexpr, for then nvcc
// compiles them for the device as well.

namespace vlpt {

/// x Phi(x), the exact (erf) form.
struct GeluFormula {
  static constexpr std::string_view name = "gelu";
  template <class T>
  static constexpr T value(T x) {
    using std::erf;
    return T(0.5) * x * (T(1) + erf(x * T(1 / std::numbers::sqrt2)));
  }
  template <class T>
  static constexpr T slope(T x) {
    using std::erf;
    using std::exp;
    T const phi = exp(T(-0.5) * x * x) * T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    return T(0.5) * (T(1) + erf(x * T(1 / std::numbers::sqrt2))) + x * phi;
  }
};

/// x sigmoid(1.702 x), as OpenAI's CLIP.
struct QuickGeluFormula {
  static constexpr std::string_view name = "quick_gelu";
  template <class T>
  static constexpr T value(T x) {
    using std::exp;
    return x / (T(1) + exp(T(-1.702) * x));
  }
  template <class T>
  static constexpr T slope(T x) {
    using std::exp;
    T const s = T(1) / (T(1) + exp(T(-1.702) * x));
    return s * (T(1) + T(1.702) * x * (T(1) - s));
  }
};

/// max(x, 0); the slope at 0 is 0.
struct ReluFormula {
  static constexpr std::string_view name = "relu";
  template <class T>
  static constexpr T value(T x) {
    return x > T(0) ? x : T(0);
  }
  template <class T>
  static constexpr T slope(T x) {
    return x > T(0) ? T(1) : T(0);
  }
};

/// tanh(x).
struct TanhFormula {
  static constexpr std::string_view name = "tanh";
  template <class T>
  static constexpr T value(T x) {
    using std::tanh;
    return tanh(x);
  }
  template <class T>
  static constexpr T slope(T x) {
    using std::tanh;
    T const t = tanh(x);
    return T(1) - t * t;
  }
};

/// 1 / (1 + exp(-x)): a gate from its logit.
struct SigmoidFormula {
  static constexpr std::string_view name = "sigmoid";
  template <class T>
  static constexpr T value(T x) {
    using std::exp;
    return T(1) / (T(1) + exp(-x));
  }
  template <class T>
  static constexpr T slope(T x) {
    T const s = value(x);
    return s * (T(1) - s);
  }
};

/// exp(x): a scale from its logarithm.
struct ExpFormula {
  static constexpr std::string_view name = "exp";
  template <class T>
  static constexpr T value(T x) {
    using std::exp;
    return exp(x);
  }
  template <class T>
  static constexpr T slope(T x) {
    return value(x);
  }
};

/// 1 / t for t = x clamped to [0.01, 10], as GaPT's temperatures; the slope is that at t, also
/// where x lies outside (the published code clamps in place and then differentiates).
struct TemperatureFormula {
  static constexpr std::string_view name = "temperature";
  static constexpr double low = 0.01, high = 10;
  template <class T>
  static constexpr T value(T x) {
    return T(1) / (x < T(low) ? T(low) : x > T(high) ? T(high) : x);
  }
  template <class T>
  static constexpr T slope(T x) {
    return -value(x) * value(x);
  }
};

}  // namespace vlpt
