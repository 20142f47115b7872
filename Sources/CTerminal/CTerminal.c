#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "include/CTerminal.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* term.h makes a macro of this ordinary word. */
#undef columns

static SCREEN *screen;
static FILE *input_file, *output_file;
static bool has_pairs, can_paste, is_utf8;

/* Bytes on their way from tputs to the rescue, or to the terminal. */
static char collected[128];
static size_t collected_count;

static int collect(int byte) {
  if (collected_count < sizeof collected) collected[collected_count++] = (char)byte;
  return byte;
}

static bool is_codeset_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

/* In the C locale libc has no width for anything beyond ASCII, while nearly every terminal shows
 * UTF-8. A locale with another charset was chosen on purpose: that terminal gets ASCII. */
static bool choose_locale(void) {
  const char *name = setlocale(LC_CTYPE, "");
  if (is_codeset_utf8()) return true;
  bool is_plain = name == NULL || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
  if (!is_plain) return false;
  const char *candidates[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
  for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
    if (setlocale(LC_CTYPE, candidates[i]) != NULL && is_codeset_utf8()) return true;
  return false;
}

static const char *capability(const char *name) {
  const char *text = tigetstr(name);
  return text == (const char *)-1 ? NULL : text;
}

static void add_to_rescue(const char *name) {
  const char *text = capability(name);
  if (text == NULL) return;
  collected_count = 0;
  tputs(text, 1, collect);
  ct_rescue_add(collected, collected_count);
}

/* Pasted text comes between two marks where the terminal can do that, so that it is not taken for
 * key presses that label turns. Some terminfo entries do not say what their terminals can. */
static bool knows_bracketed_paste(const char *term) {
  if (capability("BE") != NULL) return true;
  const char *families[] = {"xterm", "screen", "tmux", "rxvt", "foot", "alacritty", "kitty", "vte"};
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
    if (strncmp(term, families[i], strlen(families[i])) == 0) return true;
  return false;
}

static void send(const char *text) {
  fputs(text, output_file);
  fflush(output_file);
}

static int check_terminal(int input, int output, const char *term) {
  if (!isatty(input) || !isatty(output)) return CT_NOT_A_TERMINAL;
  if (*term == 0) return CT_NO_TERM;
  int found = 0;
  if (setupterm(term, output, &found) != OK)
    return found == 1 ? CT_DUMB_TERM : CT_UNKNOWN_TERM;
  bool can_move = capability("cup") != NULL && capability("clear") != NULL;
  del_curterm(cur_term);
  return can_move ? CT_OK : CT_DUMB_TERM;
}

static void set_modes(void) {
  cbreak();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  meta(stdscr, TRUE);
  /* Ctrl-S and Ctrl-Q are keys like any other, not a way to make the program look dead. */
  struct termios modes;
  if (tcgetattr(fileno(input_file), &modes) == 0) {
    modes.c_iflag &= ~(tcflag_t)IXON;
    tcsetattr(fileno(input_file), TCSANOW, &modes);
  }
  def_prog_mode();
}

static int fail(int code) {
  int error = errno;
  ct_close();
  errno = error;
  return code;
}

int ct_open(int input, int output, const char *term, bool want_colors, ct_info *info) {
  if (screen != NULL) return CT_ALREADY_OPEN;
  int problem = check_terminal(input, output, term);
  if (problem != CT_OK) return problem;
  is_utf8 = choose_locale();

  int own_input = dup(input), own_output = dup(output);
  input_file = own_input < 0 ? NULL : fdopen(own_input, "r");
  output_file = own_output < 0 ? NULL : fdopen(own_output, "w");
  if (input_file == NULL || output_file == NULL) return fail(CT_SYSTEM);
  if ((problem = ct_signals_install()) != CT_OK) return fail(problem);
  if ((problem = ct_rescue_arm(own_input, own_output)) != CT_OK) return fail(problem);

  /* The size is what the terminal says, not what a stale LINES or COLUMNS says. */
  use_env(FALSE);
  use_tioctl(TRUE);
  screen = newterm(term, output_file, input_file);
  if (screen == NULL) return fail(CT_SYSTEM);
  add_to_rescue("sgr0");
  add_to_rescue("op");
  add_to_rescue("cnorm");
  add_to_rescue("rmkx");
  add_to_rescue("rmcup");
  can_paste = knows_bracketed_paste(term);
  if (can_paste) ct_rescue_add("\033[?2004l", 8);
  if ((problem = ct_stderr_capture()) != CT_OK) return fail(problem);

  set_modes();
  if ((problem = ct_keys_open()) != CT_OK) return fail(problem);
  if (can_paste) send("\033[?2004h");
  /* alloc_pair before start_color crashes; terminals without colours have no pairs at all. */
  has_pairs = want_colors && has_colors() && start_color() == OK;
  if (has_pairs) use_default_colors();
  scrollok(stdscr, FALSE);
  ct_resize();
  info->rows = LINES;
  info->columns = COLS;
  info->colors = has_pairs ? COLORS : 0;
  info->is_utf8 = is_utf8;
  return CT_OK;
}

void ct_close(void) {
  if (screen != NULL) {
    if (can_paste) send("\033[?2004l");
    ct_keys_close();
    endwin();
    delscreen(screen);
    screen = NULL;
  }
  ct_rescue_disarm();
  ct_stderr_show();
  ct_signals_remove();
  if (input_file != NULL) fclose(input_file);
  if (output_file != NULL) fclose(output_file);
  input_file = output_file = NULL;
}

void ct_size(int *rows, int *columns) {
  struct winsize size = {0};
  if (output_file == NULL || ioctl(fileno(output_file), TIOCGWINSZ, &size) != 0 ||
      size.ws_row == 0 || size.ws_col == 0) {
    /* A serial line does not know its size; terminfo does. */
    *rows = screen != NULL && LINES > 0 ? LINES : 24;
    *columns = screen != NULL && COLS > 0 ? COLS : 80;
    return;
  }
  *rows = size.ws_row;
  *columns = size.ws_col;
}

void ct_resize(void) {
  if (screen == NULL) return;
  int rows, columns;
  ct_size(&rows, &columns);
  if (rows != LINES || columns != COLS) resizeterm(rows, columns);
  clearok(curscr, TRUE);
}

void ct_suspend(void) {
  if (screen == NULL) return;
  if (can_paste) send("\033[?2004l");
  endwin();
  ct_stderr_show();
  ct_signals_stop_process();
  ct_stderr_capture();
  reset_prog_mode();
  if (can_paste) send("\033[?2004h");
  ct_resize();
}

static attr_t curses_attributes(uint8_t attributes) {
  attr_t result = A_NORMAL;
  if (attributes & CT_BOLD) result |= A_BOLD;
  if (attributes & CT_REVERSE) result |= A_REVERSE;
  if (attributes & CT_UNDERLINE) result |= A_UNDERLINE;
  if (attributes & CT_DIM) result |= A_DIM;
  if (attributes & CT_ITALIC) result |= A_ITALIC;
  return result;
}

static void add(int row, int column, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == OK) mvadd_wch(row, column, &cell);
}

/* Draws one glyph in exactly its columns. curses holds at most five wide characters a cell, only the
 * first of them with a width, and goes by libc's wcwidth, as the terminal does. So what libc finds
 * wider than its place ends there, an emoji sequence is drawn as its first emoji, and what is then
 * still free is blank: the columns to the right never move. */
static void draw_glyph(int row, int column, const ct_cell *cell, const uint32_t *scalars, int pair) {
  attr_t attributes = curses_attributes(cell->attributes);
  int used = 0;
  uint16_t next = 0;
  while (next < cell->length && used < cell->columns) {
    wchar_t text[CCHARW_MAX + 1] = {(wchar_t)scalars[next]};
    int width = wcwidth(text[0]);
    if (width <= 0) {
      /* libc does not know it (yet). */
      text[0] = is_utf8 ? 0xFFFD : L'?';
      width = 1;
    }
    if (used + width > cell->columns) {
      if (used > 0) break;
      text[0] = is_utf8 ? 0xFFFD : L'?';
      width = 1;
    }
    next++;
    int count = 1;
    bool is_joined = false;
    while (next < cell->length && wcwidth((wchar_t)scalars[next]) == 0) {
      is_joined = is_joined || scalars[next] == 0x200D;
      bool is_selector = scalars[next] == 0x200D || scalars[next] == 0xFE0F ||
                         (scalars[next] >= 0xE0020 && scalars[next] <= 0xE007F);
      if (!is_selector && count < CCHARW_MAX) text[count++] = (wchar_t)scalars[next];
      next++;
    }
    add(row, column + used, text, attributes, pair);
    used += width;
    if (is_joined) break;
  }
  for (; used < cell->columns; used++) add(row, column + used, L" ", attributes, pair);
}

void ct_draw(int row, int column, const ct_cell *cells, int count, const uint32_t *scalars) {
  if (screen == NULL || row < 0 || row >= LINES) return;
  for (int i = 0; i < count; i++) {
    const ct_cell *cell = &cells[i];
    if (column < 0 || column + cell->columns > COLS) return;
    int pair = 0;
    if (has_pairs && (cell->foreground >= 0 || cell->background >= 0)) {
      pair = alloc_pair(cell->foreground, cell->background);
      if (pair < 0) pair = 0;
    }
    draw_glyph(row, column, cell, scalars + cell->offset, pair);
    column += cell->columns;
  }
}

void ct_refresh(int row, int column) {
  if (screen == NULL) return;
  bool is_shown = row >= 0 && row < LINES && column >= 0 && column < COLS;
  curs_set(is_shown ? 1 : 0);
  if (is_shown) move(row, column);
  wnoutrefresh(stdscr);
  doupdate();
}

void ct_invalidate(void) {
  if (screen != NULL) clearok(curscr, TRUE);
}

bool ct_is_hung_up(void) {
  if (input_file == NULL) return true;
  struct pollfd ready = {.fd = fileno(input_file), .events = POLLIN};
  return poll(&ready, 1, 0) > 0 && (ready.revents & (POLLHUP | POLLERR | POLLNVAL));
}
