#define _GNU_SOURCE
#include "include/CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Everything the handler touches is prepared beforehand, so that it only makes calls that
 * signal-safety(7) allows: write, tcsetattr, dup2, pread, fstat, sigaction, raise. */
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGQUIT, SIGSYS};
enum { fatal_count = sizeof fatal / sizeof fatal[0] };

static struct sigaction former[fatal_count];
static struct termios saved;
static volatile sig_atomic_t armed;
static int input_descriptor, output_descriptor;
static char bytes[512];
static volatile size_t byte_count;

static int real_stderr = -1;
static int stderr_file = -1;

static void write_all(int descriptor, const char *from, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, from, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    from += written;
    count -= (size_t)written;
  }
}

/* The last megabyte is shown: whoever fills more with messages is in a loop. */
static void show_stderr(void) {
  enum { shown = 1 << 20 };
  if (stderr_file < 0) return;
  dup2(real_stderr, STDERR_FILENO);
  struct stat status;
  if (fstat(stderr_file, &status) != 0) return;
  off_t at = status.st_size > shown ? status.st_size - shown : 0;
  char part[4096];
  ssize_t count;
  while ((count = pread(stderr_file, part, sizeof part, at)) > 0) {
    write_all(STDERR_FILENO, part, (size_t)count);
    at += count;
  }
}

static void rescue(int signal) {
  int which = 0;
  while (which < fatal_count && fatal[which] != signal) which++;
  if (armed) {
    armed = 0;
    write_all(output_descriptor, bytes, byte_count);
    tcsetattr(input_descriptor, TCSANOW, &saved);
    show_stderr();
  }
  /* Whoever was there before (nobody, or Swift's backtracer) takes it from here: the signal is
   * pending until this returns. */
  if (which < fatal_count) sigaction(signal, &former[which], NULL);
  raise(signal);
}

int ct_rescue_arm(int input, int output) {
  if (tcgetattr(input, &saved) != 0) return CT_SYSTEM;
  input_descriptor = input;
  output_descriptor = output;
  byte_count = 0;
  /* A stack that overflowed has no room for the handler. Swift's runtime may have set one already. */
  static char stack[64 * 1024];
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, NULL);
  }
  struct sigaction action = {.sa_handler = rescue, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &action, &former[i]);
  armed = 1;
  return CT_OK;
}

void ct_rescue_add(const char *more, size_t count) {
  if (byte_count + count > sizeof bytes) return;
  memcpy(bytes + byte_count, more, count);
  byte_count += count;
}

void ct_rescue_disarm(void) {
  if (!armed) return;
  armed = 0;
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &former[i], NULL);
  tcsetattr(input_descriptor, TCSANOW, &saved);
}

int ct_stderr_capture(void) {
  /* Messages that go to a file of the user's stay there. */
  if (!isatty(STDERR_FILENO)) return CT_OK;
  real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  stderr_file = memfd_create("stderr", MFD_CLOEXEC);
  if (real_stderr < 0 || stderr_file < 0 || fcntl(stderr_file, F_SETFL, O_APPEND) != 0 ||
      dup2(stderr_file, STDERR_FILENO) < 0) {
    ct_stderr_show();
    return CT_SYSTEM;
  }
  return CT_OK;
}

void ct_stderr_show(void) {
  if (real_stderr >= 0 && stderr_file >= 0) show_stderr();
  if (stderr_file >= 0) close(stderr_file);
  if (real_stderr >= 0) close(real_stderr);
  real_stderr = stderr_file = -1;
}
