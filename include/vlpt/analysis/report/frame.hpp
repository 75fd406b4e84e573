#pragma once
#include <string>

#include "vlpt/analysis/report/escape.hpp"
#include "vlpt/analysis/report/style.hpp"

namespace vlpt::report {

/// A titled part of a page; nothing where there is nothing in it.
[[nodiscard]] inline std::string section(std::string const& title, std::string const& body) {
  return body.empty() ? body : "<section>\n<h2>" + title + "</h2>\n" + body + "</section>\n";
}

/// A number that a reader should see first. `look`: a CSS class of the value.
[[nodiscard]] inline std::string tile(std::string const& what, std::string const& value,
                                      std::string const& of, std::string const& look = "") {
  return "<div class=\"card tile\"><span class=\"what\">" + what + "</span><b class=\"" + look +
         "\">" + escape(value) + "</b><span class=\"of\">" + escape(of) + "</span></div>\n";
}

/// One HTML page around a body: without scripts, and it loads nothing. `lead` and `date` may be
/// empty.
[[nodiscard]] inline std::string frame(std::string const& title, std::string const& lead,
                                       std::string const& date, std::string const& body) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      // Nothing is ever fetched: the browser is told to hold us to it.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "img-src data:; style-src 'unsafe-inline'\">\n<title>";
  out += escape(title) + "</title>\n<style>";
  out.append(style).append(curve_style);
  out += "</style>\n</head>\n<body>\n<header>\n<h1>" + escape(title) + "</h1>\n";
  if (!lead.empty()) out += "<p class=\"lead\">" + escape(lead) + "</p>\n";
  if (!date.empty()) out += "<p class=\"soft\">" + escape(date) + "</p>\n";
  return out + "</header>\n<main>\n" + body +
         "</main>\n<footer class=\"soft\">Written by vlpt. This page is complete in itself and "
         "needs no network.</footer>\n</body>\n</html>\n";
}

}  // namespace vlpt::report
