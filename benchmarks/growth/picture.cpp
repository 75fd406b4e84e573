#include "picture.hpp"

#include <fstream>

#include "vlpt/analysis/report/line_chart.hpp"
#include "vlpt/analysis/report/style.hpp"

namespace growth {

void draw(std::filesystem::path const& path, std::vector<vlpt::report::Chart> const& charts) {
  constexpr std::size_t width = 500, height = 340, title = 24;
  std::string body;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    std::string const x = std::to_string(10 + width * (i % 2)),
                      y = std::to_string(height * (i / 2));
    std::string const place = "x=\"" + x + "\" y=\"" +
                              std::to_string(height * (i / 2) + title + 8) +
                              "\" width=\"480\" height=\"300\" ";
    std::string svg = vlpt::report::LineChart(charts[i]).svg();
    svg.insert(svg.find("viewBox"), place);
    body += "<text x=\"" + x + "\" y=\"" + y + "\" dy=\"" + std::to_string(title) +
            "\" class=\"label\" font-weight=\"600\">" + vlpt::report::escape(charts[i].title) +
            "</text>\n" + svg;
  }
  std::ofstream file(path);
  file << "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 1000 "
       << height * ((charts.size() + 1) / 2) << "\" font-family=\"sans-serif\">\n<style>"
       << vlpt::report::style << vlpt::report::curve_style
       << ".chart{padding:0}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"var(--card)\"/>\n"
       << body << "</svg>\n";
  if (!file) throw vlpt::RunError(path.string() + " cannot be written");
}

}  // namespace growth
