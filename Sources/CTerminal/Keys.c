#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "include/CTerminal.h"
#include "internal.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

/* Keys are read through a pad, because reading through a window refreshes that window first. */
static WINDOW *pad;

enum { paste_start_code = 0x7000, paste_end_code };

int ct_keys_open(void) {
  pad = newpad(1, 1);
  if (pad == NULL) return CT_SYSTEM;
  keypad(pad, TRUE);
  /* 25 ms is enough for the rest of a sequence and too short to be felt; whoever has set ESCDELAY
   * for a slow line knows better. */
  if (getenv("ESCDELAY") == NULL) set_escdelay(25);
  define_key("\033[200~", paste_start_code);
  define_key("\033[201~", paste_end_code);
  return CT_OK;
}

void ct_keys_close(void) {
  if (pad != NULL) delwin(pad);
  pad = NULL;
}

/* Keys with Alt have no number of their own in curses, only xterm's names in terminfo. */
static uint32_t named_with_alt(wint_t code) {
  static const struct { const char *name; uint32_t key; } keys[] = {
      {"kUP3", CT_UP},     {"kDN3", CT_DOWN},      {"kLFT3", CT_LEFT},
      {"kRIT3", CT_RIGHT}, {"kHOM3", CT_HOME},     {"kEND3", CT_END},
      {"kPRV3", CT_PAGE_UP}, {"kNXT3", CT_PAGE_DOWN}, {"kIC3", CT_INSERT},
      {"kDC3", CT_DELETE},
  };
  const char *name = keyname((int)code);
  for (size_t i = 0; name != NULL && i < sizeof keys / sizeof keys[0]; i++)
    if (strcmp(name, keys[i].name) == 0) return keys[i].key | CT_ALT;
  return CT_OTHER;
}

static uint32_t named(wint_t code) {
  if (code >= KEY_F(1) && code <= KEY_F(63)) return CT_F + (uint32_t)(code - KEY_F0);
  switch (code) {
    case KEY_ENTER: return CT_ENTER;
    case KEY_BTAB: return CT_BACK_TAB;
    case KEY_BACKSPACE: return CT_BACKSPACE;
    case KEY_DC: return CT_DELETE;
    case KEY_IC: return CT_INSERT;
    case KEY_HOME: case KEY_A1: case KEY_FIND: return CT_HOME;
    case KEY_END: case KEY_C1: case KEY_SELECT: case KEY_LL: return CT_END;
    case KEY_PPAGE: case KEY_A3: return CT_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return CT_PAGE_DOWN;
    case KEY_UP: return CT_UP;
    case KEY_DOWN: return CT_DOWN;
    case KEY_LEFT: return CT_LEFT;
    case KEY_RIGHT: return CT_RIGHT;
    case paste_start_code: return CT_PASTE_START;
    case paste_end_code: return CT_PASTE_END;
    default: return named_with_alt(code);
  }
}

int ct_read(int milliseconds, uint32_t *value) {
  if (pad == NULL) return CT_NOTHING;
  wtimeout(pad, milliseconds);
  wint_t character;
  switch (wget_wch(pad, &character)) {
    case OK:
      *value = (uint32_t)character;
      return CT_SCALAR;
    case KEY_CODE_YES:
      *value = named(character);
      return CT_KEY;
    default:
      return CT_NOTHING;
  }
}
