// pictures FOLDER: does the jobs that FOLDER/jobs.csv lists and writes what each gives to
// FOLDER/OUT: a line "width height channels", then bytes, or floats for `values` and `padded`. A
// picture that is refused gives a line "refused" and why. pictures.py makes the jobs and compares.
//   decode,OUT,PICTURE                                    as three channels
//   resize,OUT,PICTURE,WIDTH,HEIGHT,bilinear|bicubic,RGB|as it is
//   fitted,OUT,PICTURE,CONFIG                             before it is normalised
//   values,OUT,PICTURE,CONFIG     padded,OUT,PICTURE,CONFIG,HEIGHT,WIDTH     after it
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "vlpt/io/csv.hpp"
#include "vlpt/io/dataset/preprocess_padded.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/decode_image.hpp"

namespace {

using namespace vlpt;
using Fields = std::vector<std::string>;

void put(std::ostream& out, io::Image const& image) {
  out << image.width << ' ' << image.height << ' ' << image.channels << '\n';
  out.write(static_cast<char const*>(static_cast<void const*>(image.pixels.data())),
            static_cast<std::streamsize>(image.pixels.size()));
}
void put(std::ostream& out, std::vector<float> const& values, Index width, Index height) {
  out << width << ' ' << height << ' ' << static_cast<Index>(values.size()) / (width * height)
      << '\n';
  out.write(static_cast<char const*>(static_cast<void const*>(values.data())),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
}

void work(Fields const& job, std::filesystem::path const& folder, std::ostream& out) {
  auto const& kind = job.at(0);
  io::Image const image = io::load_image(folder / job.at(2));
  if (kind == "decode") return put(out, io::convert(image, 3));
  if (kind == "resize")
    return put(out,
               io::resize(job.at(6) == "RGB" ? io::convert(image, 3) : image, std::stol(job.at(3)),
                          std::stol(job.at(4)),
                          job.at(5) == "bilinear" ? io::Filter::bilinear : io::Filter::bicubic));
  io::Preprocess const p = io::read_preprocess(folder / job.at(3));
  if (kind == "fitted") return put(out, io::fitted(image, p));
  bool const padded = kind == "padded";
  Index const height = padded ? std::stol(job.at(4)) : p.size;
  Index const width = padded ? std::stol(job.at(5)) : p.size;
  std::vector<float> values(static_cast<std::size_t>(p.channels * height * width));
  if (padded)
    io::preprocess_padded<float>(image, p, height, width, values);
  else
    io::preprocess<float>(image, p, values);
  put(out, values, width, height);
}

}  // namespace

int main(int count, char** words) try {
  VLPT_CHECK(count == 2, "usage: pictures FOLDER");
  std::filesystem::path const folder = words[1];
  for (auto const& row : io::parse_csv(io::read_file(folder / "jobs.csv"), "jobs.csv")) {
    std::ofstream out(folder / row.fields.at(1), std::ios::binary);
    try {
      work(row.fields, folder, out);
    } catch (InputError const& e) {
      out << "refused " << e.what() << '\n';
    }
  }
} catch (std::exception const& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
