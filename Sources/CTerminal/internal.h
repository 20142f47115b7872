/* What the parts of the shim share; no part of it is seen from Swift. */
#ifndef CTERMINAL_INTERNAL_H
#define CTERMINAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* Signals.c: handlers are installed before newterm, because ncurses installs its own exiting ones
 * for every signal that still has none. */
int ct_signals_install(void);
void ct_signals_remove(void);
/* Stops the process with SIGTSTP's default action; returns when it is continued. */
void ct_signals_stop_process(void);

/* Rescue.c: what gives the terminal back when the process dies. */
int ct_rescue_arm(int input, int output);
/* Adds bytes that the terminal must be sent. */
void ct_rescue_add(const char *bytes, size_t count);
void ct_rescue_disarm(void);

/* Rescue.c: stderr goes to a file in memory while the screen is drawn, or a message would tear the
 * picture and be lost with the alternate screen. Showing it brings stderr back and empties the file. */
int ct_stderr_capture(void);
void ct_stderr_show(void);

/* Keys.c */
int ct_keys_open(void);
void ct_keys_close(void);

#endif
