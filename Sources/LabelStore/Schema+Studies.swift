/// What studies added to the tables.
extension Schema {
  /// The second version: study designs, who has which dialogues, adjudication, and the circumstances
  /// of an answer that belong to a study.
  ///
  /// The log's table is copied because SQLite cannot change a check. `gold` repeats what the log says,
  /// as `turn_state` does: the latest adjudication of a turn that holds, whoever gave it.
  static let second = """
    ALTER TABLE project ADD COLUMN study TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(study));
    UPDATE project SET study = json_object('annotationProtocol', protocol);
    ALTER TABLE project DROP COLUMN protocol;

    INSERT INTO event_kind VALUES ('adjudicated');

    CREATE TABLE new_event (
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
      protocol TEXT,
      arm TEXT CHECK (arm IN ('suggested', 'control')),
      stage TEXT CHECK (stage IN ('committed', 'revealed')),
      program TEXT NOT NULL,
      CHECK ((kind IN ('answered', 'adjudicated')) = (labels IS NOT NULL)),
      CHECK (kind = 'answered' OR (dimensions IS NULL AND confidence IS NULL AND stage IS NULL)),
      CHECK ((kind IN ('noted', 'adjudicated')) = (note IS NOT NULL)),
      CHECK ((kind IN ('undid', 'redid')) = (target IS NOT NULL)),
      CHECK ((shown_source IS NULL) = (shown_label IS NULL)),
      CHECK ((shown_source IS NULL) = (shown_probability IS NULL)),
      CHECK ((protocol IS NULL) = (arm IS NULL))
    ) STRICT;
    INSERT INTO new_event (arrival, id, clock, time, rater, turn, kind, target, labels, dimensions,
        confidence, note, shown_source, shown_label, shown_probability, met, heard_milliseconds,
        replays, answer_milliseconds, program)
      SELECT arrival, id, clock, time, rater, turn, kind, target, labels, dimensions, confidence,
        note, shown_source, shown_label, shown_probability, met, heard_milliseconds, replays,
        answer_milliseconds, program
      FROM event;
    DROP TABLE event;
    ALTER TABLE new_event RENAME TO event;
    CREATE INDEX event_by_rater ON event (rater, clock, id) WHERE kind <> 'listened';
    CREATE INDEX event_by_turn ON event (turn, rater);
    CREATE INDEX adjudication ON event (turn) WHERE kind = 'adjudicated';
    CREATE INDEX revealed ON event (turn) WHERE stage = 'revealed';

    \(eventGuards)

    CREATE TABLE gold (
      turn INTEGER PRIMARY KEY REFERENCES turn (id),
      labels TEXT NOT NULL CHECK (json_type(labels) = 'array'),
      decided_by BLOB NOT NULL REFERENCES event (id)
    ) STRICT;

    CREATE TABLE assignment (
      rater INTEGER NOT NULL REFERENCES rater (id),
      position INTEGER NOT NULL CHECK (position >= 0),
      dialogue INTEGER NOT NULL REFERENCES dialogue (id),
      purpose TEXT NOT NULL CHECK (purpose IN ('work', 'gold', 'retest')),
      PRIMARY KEY (rater, position)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX assignment_of_dialogue
      ON assignment (rater, dialogue, purpose = 'retest');
    """
}
