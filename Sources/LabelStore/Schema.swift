internal import GRDB

/// The tables of a project file, and how older files are brought up to date.
enum Schema {
  /// Marks a file as an Undertone project: `Undt` in ASCII, at byte 68 of the file.
  static let applicationID: Int32 = 0x556E_6474

  /// The version this program writes, at byte 60 of the file: the number of migrations.
  static let version: Int32 = 2

  /// Brings a database to ``version``, each step in a transaction of its own.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(sql: first)
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("2") { db in
      try db.execute(sql: second)
      try db.execute(sql: "PRAGMA user_version = 2")
    }
    return migrator
  }

  /// A hash of the definitions of the tables and of all triggers of a database.
  ///
  /// A project may come from a stranger, and a trigger of theirs would run with our writes.
  /// SQLite's own defence, `trusted_schema = OFF`, also forbids `json_valid` in a check before
  /// version 3.41. Tables, views and indexes that somebody added for themselves do no harm.
  static func fingerprint(_ db: Database) throws -> UInt64 {
    let definitions = try db.rows(
      """
      SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' OR type = 'table' AND name IN (
        'project', 'corpus', 'dialogue', 'turn', 'rater', 'event_kind', 'event', 'imported_rating',
        'turn_state', 'dialogue_progress', 'rater_progress', 'last_turn', 'source', 'label_list',
        'suggestion', 'gold', 'assignment')
      ORDER BY name
      """)
    return try definitions.reduce(into: Fingerprint()) { fingerprint, row in
      fingerprint.add(try row.text(0))
      fingerprint.add(try row.text(1))
    }.value
  }

  /// The ``fingerprint(_:)`` of a new project of this ``version``.
  static let ownFingerprint: UInt64 = 3_359_138_455_224_305_882

  /// What defends the log in every version: the triggers of the table `event`.
  ///
  /// Like the tables, they are never changed here, only replaced by a later version.
  static let eventGuards = """
    CREATE TRIGGER event_not_updated BEFORE UPDATE ON event BEGIN
      SELECT RAISE(ABORT, 'events are never changed; the log only grows');
    END;
    CREATE TRIGGER event_not_deleted BEFORE DELETE ON event BEGIN
      SELECT RAISE(ABORT, 'events are never deleted; the log only grows');
    END;
    CREATE TRIGGER event_not_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR arrival = NEW.arrival) BEGIN
      SELECT RAISE(ABORT, 'events are never replaced; the log only grows');
    END;
    CREATE TRIGGER event_target BEFORE INSERT ON event
    WHEN NEW.target IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM event WHERE id = NEW.target AND rater = NEW.rater AND turn = NEW.turn
        AND target IS NULL AND kind <> 'listened' AND (clock, id) < (NEW.clock, NEW.id))
    BEGIN
      SELECT RAISE(ABORT, 'an undo names an earlier action of the same rater on the same turn');
    END;
    """

  /// The first version's tables.
  ///
  /// Their rules hold for whoever opens the file, with whichever program:
  ///
  /// * Tables are STRICT and closed by checks and foreign keys.
  /// * Events and imported ratings are appended, never changed. `INSERT OR REPLACE` deletes without
  ///   firing delete triggers, hence the triggers before insertion.
  /// * A dialogue never changes its turns, a turn neither speaker nor text: they are what was
  ///   rated. Where the sound lies, titles, word times and further columns may be filled in later.
  ///
  /// Ratings that came with a corpus have a table of their own instead of events: they are
  /// somebody else's and of unknown circumstances, so they have no conditions and no undo, and
  /// identity by content (turn and rater), so that importing or merging twice adds nothing. The log
  /// of a rater who has both starts from the imported rating.
  ///
  /// `turn_state`, `dialogue_progress` and `rater_progress` repeat what the log says
  /// (``RaterLog``), so that a project of a million turns opens at once; they are written in the
  /// event's own transaction and can be rebuilt from the log at any time.
  static let first = """
    CREATE TABLE project (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      name TEXT NOT NULL,
      scheme TEXT NOT NULL CHECK (json_valid(scheme)),
      protocol TEXT NOT NULL CHECK (protocol <> ''),
      dialogue_count INTEGER NOT NULL DEFAULT 0 CHECK (dialogue_count >= 0),
      turn_count INTEGER NOT NULL DEFAULT 0 CHECK (turn_count >= 0)
    ) STRICT;

    CREATE TABLE corpus (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> ''),
      root TEXT NOT NULL,
      dialogue_count INTEGER NOT NULL DEFAULT 0 CHECK (dialogue_count >= 0),
      turn_count INTEGER NOT NULL DEFAULT 0 CHECK (turn_count >= 0),
      fingerprint INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE dialogue (
      id INTEGER PRIMARY KEY CHECK (id > 0),
      corpus INTEGER NOT NULL REFERENCES corpus (id),
      split TEXT NOT NULL,
      name TEXT NOT NULL CHECK (name <> ''),
      title TEXT NOT NULL,
      turn_count INTEGER NOT NULL CHECK (turn_count BETWEEN 0 AND 1048576),
      UNIQUE (corpus, split, name)
    ) STRICT;

    CREATE TABLE turn (
      id INTEGER PRIMARY KEY,
      dialogue INTEGER NOT NULL REFERENCES dialogue (id),
      place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 1048575),
      name TEXT NOT NULL CHECK (name <> ''),
      speaker TEXT NOT NULL,
      text TEXT NOT NULL,
      audio_path TEXT CHECK (
        audio_path <> '' AND audio_path NOT LIKE '/%'
        AND '/' || audio_path || '/' NOT LIKE '%/../%'),
      audio_start REAL,
      audio_end REAL,
      start REAL,
      end REAL,
      words TEXT CHECK (words IS NULL OR json_valid(words)),
      metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata)),
      UNIQUE (dialogue, name),
      CHECK (id = dialogue * 1048576 + place),
      CHECK ((audio_start IS NULL) = (audio_end IS NULL)),
      CHECK (audio_path IS NOT NULL OR audio_start IS NULL),
      CHECK ((start IS NULL) = (end IS NULL))
    ) STRICT;

    CREATE TABLE rater (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> ''),
      kind TEXT NOT NULL CHECK (kind <> '')
    ) STRICT;

    CREATE TABLE event_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT INTO event_kind VALUES ('answered'), ('withdrew'), ('flagged'), ('unflagged'), ('noted'),
      ('skipped'), ('unskipped'), ('undid'), ('redid'), ('listened');

    CREATE TABLE event (
      arrival INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
      clock INTEGER NOT NULL CHECK (clock BETWEEN 0 AND 253402300799999999),
      time REAL NOT NULL,
      rater INTEGER NOT NULL REFERENCES rater (id),
      turn INTEGER NOT NULL REFERENCES turn (id),
      kind TEXT NOT NULL REFERENCES event_kind (name),
      target BLOB REFERENCES event (id),
      labels TEXT CHECK (json_type(labels) = 'array'),
      dimensions TEXT CHECK (json_type(dimensions) = 'object'),
      confidence INTEGER CHECK (confidence BETWEEN 1 AND 3),
      note TEXT,
      shown_source TEXT,
      shown_label TEXT,
      shown_probability REAL CHECK (shown_probability BETWEEN 0 AND 1),
      met INTEGER CHECK (met >= 0),
      heard_milliseconds INTEGER CHECK (heard_milliseconds >= 0),
      replays INTEGER CHECK (replays >= 0),
      answer_milliseconds INTEGER,
      program TEXT NOT NULL,
      CHECK ((kind = 'answered') = (labels IS NOT NULL)),
      CHECK (kind = 'answered' OR (dimensions IS NULL AND confidence IS NULL)),
      CHECK ((kind = 'noted') = (note IS NOT NULL)),
      CHECK ((kind IN ('undid', 'redid')) = (target IS NOT NULL)),
      CHECK ((shown_source IS NULL) = (shown_label IS NULL)),
      CHECK ((shown_source IS NULL) = (shown_probability IS NULL))
    ) STRICT;
    CREATE INDEX event_by_rater ON event (rater, clock, id) WHERE kind <> 'listened';
    CREATE INDEX event_by_turn ON event (turn, rater);

    \(eventGuards)

    CREATE TABLE imported_rating (
      rater INTEGER NOT NULL REFERENCES rater (id),
      turn INTEGER NOT NULL REFERENCES turn (id),
      labels TEXT NOT NULL CHECK (json_type(labels) = 'array'),
      dimensions TEXT CHECK (json_type(dimensions) = 'object'),
      confidence INTEGER CHECK (confidence BETWEEN 1 AND 3),
      time REAL,
      PRIMARY KEY (rater, turn)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER imported_rating_not_updated BEFORE UPDATE ON imported_rating BEGIN
      SELECT RAISE(ABORT, 'imported ratings are never changed');
    END;
    CREATE TRIGGER imported_rating_not_deleted BEFORE DELETE ON imported_rating BEGIN
      SELECT RAISE(ABORT, 'imported ratings are never deleted');
    END;
    CREATE TRIGGER imported_rating_not_replaced BEFORE INSERT ON imported_rating
    WHEN EXISTS (SELECT 1 FROM imported_rating WHERE rater = NEW.rater AND turn = NEW.turn) BEGIN
      SELECT RAISE(ABORT, 'imported ratings are never replaced');
    END;

    CREATE TRIGGER dialogue_not_deleted BEFORE DELETE ON dialogue BEGIN
      SELECT RAISE(ABORT, 'dialogues are never deleted');
    END;
    CREATE TRIGGER dialogue_identity BEFORE UPDATE OF id, corpus, split, name, turn_count
    ON dialogue BEGIN
      SELECT RAISE(ABORT, 'a dialogue keeps its identity and its turns');
    END;
    CREATE TRIGGER turn_not_deleted BEFORE DELETE ON turn BEGIN
      SELECT RAISE(ABORT, 'turns are never deleted');
    END;
    CREATE TRIGGER turn_identity BEFORE UPDATE OF id, dialogue, place, name, speaker, text
    ON turn BEGIN
      SELECT RAISE(ABORT, 'a turn keeps its identity, speaker and text: they are what was rated');
    END;

    CREATE TABLE turn_state (
      rater INTEGER NOT NULL REFERENCES rater (id),
      turn INTEGER NOT NULL REFERENCES turn (id),
      labels TEXT,
      dimensions TEXT,
      confidence INTEGER,
      flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
      skipped INTEGER NOT NULL CHECK (skipped IN (0, 1)),
      note TEXT NOT NULL,
      answered_by BLOB REFERENCES event (id),
      PRIMARY KEY (rater, turn)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dialogue_progress (
      rater INTEGER NOT NULL REFERENCES rater (id),
      dialogue INTEGER NOT NULL REFERENCES dialogue (id),
      labelled INTEGER NOT NULL CHECK (labelled >= 0),
      flagged INTEGER NOT NULL CHECK (flagged >= 0),
      skipped INTEGER NOT NULL CHECK (skipped >= 0),
      noted INTEGER NOT NULL CHECK (noted >= 0),
      PRIMARY KEY (rater, dialogue)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX flagged_dialogue ON dialogue_progress (rater, dialogue) WHERE flagged > 0;
    CREATE INDEX skipped_dialogue ON dialogue_progress (rater, dialogue) WHERE skipped > 0;
    CREATE INDEX noted_dialogue ON dialogue_progress (rater, dialogue) WHERE noted > 0;

    CREATE TABLE rater_progress (
      rater INTEGER PRIMARY KEY REFERENCES rater (id),
      labelled INTEGER NOT NULL CHECK (labelled >= 0),
      flagged INTEGER NOT NULL CHECK (flagged >= 0),
      skipped INTEGER NOT NULL CHECK (skipped >= 0),
      noted INTEGER NOT NULL CHECK (noted >= 0)
    ) STRICT;

    CREATE TABLE last_turn (
      rater INTEGER PRIMARY KEY REFERENCES rater (id),
      turn INTEGER NOT NULL REFERENCES turn (id)
    ) STRICT;

    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE CHECK (name <> ''),
      details TEXT NOT NULL
    ) STRICT;
    CREATE TABLE label_list (
      id INTEGER PRIMARY KEY,
      labels TEXT NOT NULL UNIQUE CHECK (json_type(labels) = 'array')
    ) STRICT;
    CREATE TABLE suggestion (
      source INTEGER NOT NULL REFERENCES source (id),
      turn INTEGER NOT NULL REFERENCES turn (id),
      label TEXT,
      probability REAL,
      refined TEXT,
      label_list INTEGER NOT NULL REFERENCES label_list (id),
      posterior BLOB NOT NULL CHECK (length(posterior) % 8 = 0),
      influences BLOB NOT NULL CHECK (length(influences) % 8 = 0),
      trigger_place INTEGER,
      trigger_probability REAL,
      PRIMARY KEY (source, turn),
      CHECK ((trigger_place IS NULL) = (trigger_probability IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE VIEW label AS
    SELECT corpus.name AS corpus, dialogue.split, dialogue.name AS dialogue, turn.name AS turn,
      turn.speaker, turn.text, rater.name AS rater, rater.kind, present.labels, present.dimensions,
      present.confidence
    FROM (
      SELECT rater, turn, labels, dimensions, confidence FROM turn_state WHERE labels IS NOT NULL
      UNION ALL
      SELECT rater, turn, labels, dimensions, confidence FROM imported_rating AS i
      WHERE NOT EXISTS (SELECT 1 FROM turn_state AS s WHERE s.rater = i.rater AND s.turn = i.turn)
    ) AS present
    JOIN rater ON rater.id = present.rater
    JOIN turn ON turn.id = present.turn
    JOIN dialogue ON dialogue.id = turn.dialogue
    JOIN corpus ON corpus.id = dialogue.corpus;
    """
}
