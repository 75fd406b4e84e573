// measure COMMAND...: runs a compiler and appends one row, source | seconds | MiB, to the file that
// the environment variable VLPT_MEASURED names. Seconds of the processor in user mode, which other
// programs on the machine disturb least. CMake calls it as a compiler launcher.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <string>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  pid_t const child = fork();
  if (child == 0) {
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) return 1;
  double const seconds = static_cast<double>(usage.ru_utime.tv_sec) +
                         static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;

  std::string source;
  for (int i = 2; i < argc; ++i)
    if (std::string(argv[i - 1]) == "-c") source = argv[i];
  char const* const file = std::getenv("VLPT_MEASURED");
  if (file != nullptr && !source.empty())
    std::ofstream(file, std::ios::app)
        << "| " << source.substr(source.rfind('/') + 1) << " | " << std::fixed
        << std::setprecision(1) << seconds << " | " << usage.ru_maxrss / 1024 << " |\n";
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
