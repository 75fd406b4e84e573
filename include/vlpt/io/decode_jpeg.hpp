#pragma once
#include <csetjmp>
#include <cstddef>
#include <cstdio>
// jpeglib.h needs FILE and size_t from above, and itself decides the numbers in jerror.h:
#include <jpeglib.h>
// so this order is not free
#include <jerror.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// One JPEG being decoded. libjpeg reports an error by calling fatal(), which must not return;
/// throwing through C code is undefined, so it jumps. No object with a destructor lives in a
/// function between setjmp and longjmp: all of them are members, made before.
class JpegDecoder {
 public:
  JpegDecoder() {
    info_.err = ::jpeg_std_error(&handler_.base);
    handler_.base.error_exit = fatal;
    handler_.base.emit_message = warn;
    handler_.progress.progress_monitor = count_scans;
  }
  ~JpegDecoder() { ::jpeg_destroy_decompress(&info_); }
  JpegDecoder(JpegDecoder const&) = delete;
  JpegDecoder& operator=(JpegDecoder const&) = delete;

  /// False on failure; then reason() says why.
  [[nodiscard]] bool read_header(std::string_view bytes) {
    if (setjmp(handler_.back) != 0) return false;
    ::jpeg_create_decompress(&info_);
    info_.progress = &handler_.progress;
    ::jpeg_mem_src(&info_,
                   static_cast<unsigned char const*>(static_cast<void const*>(bytes.data())),
                   static_cast<unsigned long>(bytes.size()));
    ::jpeg_read_header(&info_, TRUE);
    info_.out_color_space = info_.num_components == 1   ? JCS_GRAYSCALE
                            : info_.num_components == 4 ? JCS_CMYK
                                                        : JCS_RGB;
    return true;
  }
  [[nodiscard]] Index width() const { return info_.image_width; }
  [[nodiscard]] Index height() const { return info_.image_height; }
  /// 1: grey; 3: colour; 4: the inks of print, as print_to_colour() reads them.
  [[nodiscard]] Index channels() const {
    return info_.num_components == 1 || info_.num_components == 4 ? info_.num_components : 3;
  }

  /// requires: read_header() was true. The image grows row by row, with what the file really holds.
  [[nodiscard]] bool read_pixels(Image& image) {
    if (setjmp(handler_.back) != 0) return false;
    ::jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      Index const y = info_.output_scanline;
      image.resize(width(), y + 1, channels());
      JSAMPROW row = image.row(y);
      ::jpeg_read_scanlines(&info_, &row, 1);
    }
    ::jpeg_finish_decompress(&info_);
    return true;
  }
  [[nodiscard]] char const* reason() const { return handler_.message.data(); }

 private:
  struct Handler {
    jpeg_error_mgr base{};  // first, so that its address is the handler's
    std::jmp_buf back{};
    std::array<char, JMSG_LENGTH_MAX> message{};
    jpeg_progress_mgr progress{};
  };
  [[noreturn]] static void fatal(j_common_ptr info) {
    auto* const handler = static_cast<Handler*>(static_cast<void*>(info->err));
    info->err->format_message(info, handler->message.data());
    std::longjmp(handler->back, 1);
  }
  /// libjpeg fills the rest of a truncated picture with grey and only warns; here that is an error.
  static void warn(j_common_ptr info, int level) {
    int const code = info->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) fatal(info);
  }

  /// Each scan of a progressive picture may cost as much as the whole picture and takes few bytes;
  /// encoders make some ten.
  static void count_scans(j_common_ptr info) {
    auto* const decoder = static_cast<j_decompress_ptr>(static_cast<void*>(info));
    if (decoder->input_scan_number <= 100) return;
    static_cast<Handler*>(static_cast<void*>(info->err))->base.msg_code = JERR_BAD_PROGRESSION;
    fatal(info);
  }

  Handler handler_;
  jpeg_decompress_struct info_{};
};

/// Red, green and blue of pixels in cyan, magenta, yellow and black, as Pillow's convert("RGB") has
/// them. The inks are taken for inverted (255: none), as Adobe writes them and Pillow reads them.
[[nodiscard]] inline Image print_to_colour(Image const& inks) {
  Image out;
  out.resize(inks.width, inks.height, 3);
  std::uint8_t const* from = inks.pixels.data();
  for (std::size_t i = 0; i < out.pixels.size(); i += 3, from += 4)
    for (std::size_t c = 0; c < 3; ++c) {
      int const light = from[3], product = (255 - from[c]) * light + 128;
      out.pixels[i + c] = static_cast<std::uint8_t>(light - (((product >> 8) + product) >> 8));
    }
  return out;
}

/// Decodes a JPEG to 1 or 3 channels, as libjpeg-turbo does by default. InputError names `where`.
[[nodiscard]] inline Image decode_jpeg(std::string_view bytes, std::string_view where) {
  JpegDecoder decoder;
  Image out;
  bool good = decoder.read_header(bytes);
  if (good) {
    check_picture_size(where, decoder.width(), decoder.height(), decoder.channels());
    good = decoder.read_pixels(out);
  }
  if (!good) throw InputError(text(where, ": the JPEG cannot be decoded (", decoder.reason(), ")"));
  return out.channels == 4 ? print_to_colour(out) : out;
}

}  // namespace vlpt::io
