/* ncursesw behind ints and plain structs.
 *
 * Swift cannot use curses as it is: SwiftPM drops the flags that switch on its wide functions, its
 * screen is global variables that Swift 6 refuses, and half of it is macros. Nothing of curses.h is
 * seen here. One screen at a time; every function but the signal handlers belongs to one thread. */
#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* Why a screen could not be opened. */
enum {
  CT_OK = 0,
  CT_NOT_A_TERMINAL = 1,   /* the input or the output is a file or a pipe */
  CT_NO_TERM = 2,          /* the kind of terminal is empty */
  CT_UNKNOWN_TERM = 3,     /* terminfo does not know that kind */
  CT_DUMB_TERM = 4,        /* the cursor cannot be moved */
  CT_SYSTEM = 5,           /* a system call failed, see errno */
  CT_ALREADY_OPEN = 6
};

/* What an open screen is like. */
typedef struct {
  int rows;
  int columns;
  int colors;     /* terminfo's `colors`, 0 for none */
  bool is_utf8;   /* whether anything but ASCII can be drawn */
} ct_info;

/* Takes over the terminal on two descriptors, which is of the kind `term`, a name of terminfo's.
 * `want_colors` false leaves colours alone. */
int ct_open(int input, int output, const char *term, bool want_colors, ct_info *info);
/* Gives the terminal back and shows what was written to stderr meanwhile. Safe to call again. */
void ct_close(void);
/* The terminal's present size; rows and columns are at least 1. */
void ct_size(int *rows, int *columns);
/* Tells curses the present size. */
void ct_resize(void);
/* Gives the terminal back, stops the process like Ctrl-Z does, and takes it over again when the
 * process is continued. The next refresh draws everything. */
void ct_suspend(void);

enum { CT_BOLD = 1, CT_REVERSE = 2, CT_UNDERLINE = 4, CT_DIM = 8, CT_ITALIC = 16 };

/* A glyph and its looks. Its scalars are `length` elements of an array from `offset` on. */
typedef struct {
  uint32_t offset;
  uint16_t length;
  uint8_t columns;      /* 1 or 2 */
  uint8_t attributes;   /* CT_BOLD ... */
  int16_t foreground;   /* -1 for the terminal's own */
  int16_t background;
} ct_cell;

/* Puts neighbouring glyphs on the screen that the next refresh shows. What lies outside is cut off. */
void ct_draw(int row, int column, const ct_cell *cells, int count, const uint32_t *scalars);
/* Shows what was drawn, with the cursor in a place or, if `row` is negative, hidden. */
void ct_refresh(int row, int column);
/* Makes the next refresh draw everything, whatever the terminal is thought to show. */
void ct_invalidate(void);

/* What ct_read returns. */
enum { CT_NOTHING = 0, CT_SCALAR = 1, CT_KEY = 2 };

/* Keys that type nothing; CT_F + n is function key n. CT_ALT is added where Alt was held. */
enum {
  CT_ENTER = 1, CT_BACK_TAB, CT_BACKSPACE, CT_DELETE, CT_INSERT, CT_HOME, CT_END, CT_PAGE_UP,
  CT_PAGE_DOWN, CT_UP, CT_DOWN, CT_LEFT, CT_RIGHT, CT_PASTE_START, CT_PASTE_END, CT_OTHER,
  CT_F = 100,
  CT_ALT = 1 << 16
};

/* Reads one key or character, waiting for it at most so many milliseconds. */
int ct_read(int milliseconds, uint32_t *value);
/* Whether the terminal is gone for good. */
bool ct_is_hung_up(void);

/* The descriptor that can be read when a signal has arrived: one byte each, the signal's number. */
int ct_signal_descriptor(void);
/* The number of a signal that has arrived, 0 for none. */
int ct_next_signal(void);

#endif
