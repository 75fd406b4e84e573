#pragma once
#include <mutex>
#include <utility>

#include "vlpt/kernels/cuda/device.cuh"

namespace vlpt::cuda {

/// What was asked of a stream once, to be launched again as a whole. A launch that is under way
/// outlives it.
class DeviceGraph {
 public:
  /// What ask() asks of the stream, which is not done now. An error ends the capture: the stream
  /// can be used as before.
  template <class Ask>
  DeviceGraph(cudaStream_t stream, Ask const& ask) {
    Capture capture(stream);
    ask();
    check(cudaGraphInstantiate(&graph_, capture.end(), 0), "cudaGraphInstantiate");
  }
  DeviceGraph(DeviceGraph&& other) noexcept : graph_(std::exchange(other.graph_, nullptr)) {}
  DeviceGraph& operator=(DeviceGraph&& other) noexcept {
    std::swap(graph_, other.graph_);
    return *this;
  }
  ~DeviceGraph() {
    if (graph_ != nullptr) (void)cudaGraphExecDestroy(graph_);
  }
  void launch(cudaStream_t stream) const {
    check(cudaGraphLaunch(graph_, stream), "cudaGraphLaunch");
  }

 private:
  class Capture {
   public:
    explicit Capture(cudaStream_t stream) : stream_(stream) {
      check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
            "cudaStreamBeginCapture");
    }
    ~Capture() {
      if (open_) (void)cudaStreamEndCapture(stream_, &graph_), (void)cudaGetLastError();
      if (graph_ != nullptr) (void)cudaGraphDestroy(graph_);
    }
    Capture(Capture const&) = delete;
    Capture& operator=(Capture const&) = delete;
    [[nodiscard]] cudaGraph_t end() {
      open_ = false;
      check(cudaStreamEndCapture(stream_, &graph_), "cudaStreamEndCapture");
      return graph_;
    }

   private:
    std::lock_guard<std::recursive_mutex> turn_{capture_or_wait()};
    cudaStream_t stream_;
    cudaGraph_t graph_ = nullptr;
    bool open_ = true;
  };

  cudaGraphExec_t graph_ = nullptr;
};

}  // namespace vlpt::cuda
