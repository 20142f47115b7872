#define _GNU_SOURCE
#include "include/CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* Each becomes a byte in a pipe that the main loop polls: nothing is done in the handler. */
static const int caught[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
enum { caught_count = sizeof caught / sizeof caught[0] };

static struct sigaction former[caught_count];
static int ends[2] = {-1, -1};

static void post(int signal) {
  int error = errno;
  unsigned char byte = (unsigned char)signal;
  /* A full pipe already wakes the loop; there is nothing better to do with the result. */
  ssize_t written = write(ends[1], &byte, 1);
  (void)written;
  errno = error;
}

static void caught_set(sigset_t *set) {
  sigemptyset(set);
  for (int i = 0; i < caught_count; i++) sigaddset(set, caught[i]);
}

int ct_signals_install(void) {
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return CT_SYSTEM;
  struct sigaction action = {.sa_handler = post, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < caught_count; i++) sigaction(caught[i], &action, &former[i]);
  /* A program blocks signals before it starts threads; this thread is the one that takes them. */
  sigset_t set;
  caught_set(&set);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  return CT_OK;
}

void ct_signals_remove(void) {
  if (ends[0] < 0) return;
  for (int i = 0; i < caught_count; i++) sigaction(caught[i], &former[i], NULL);
  close(ends[0]);
  close(ends[1]);
  ends[0] = ends[1] = -1;
}

void ct_signals_stop_process(void) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, ours;
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, &ours);
  /* The whole job, as the terminal driver does it: a make or a script above would wait for ever. */
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}

int ct_signal_descriptor(void) { return ends[0]; }

int ct_next_signal(void) {
  unsigned char byte;
  return ends[0] >= 0 && read(ends[0], &byte, 1) == 1 ? byte : 0;
}
