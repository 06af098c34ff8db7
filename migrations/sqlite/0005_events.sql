-- The audit log's chain: each event is sealed with a hash over itself and the hash before it, realm by realm; until
-- then it waits in the queue. What a realm no longer keeps ends at a position whose hash stays.

CREATE TABLE event_queue (
    event_id INTEGER PRIMARY KEY,
    realm_id INTEGER NOT NULL
) STRICT;
INSERT INTO event_queue (event_id, realm_id) SELECT id, realm_id FROM events;
CREATE TRIGGER events_wait_for_their_seal AFTER INSERT ON events BEGIN
    INSERT INTO event_queue (event_id, realm_id) VALUES (NEW.id, NEW.realm_id);
END;

CREATE TABLE event_chains (
    realm_id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    removed INTEGER NOT NULL CHECK (removed <= position),
    removed_hash BLOB NOT NULL CHECK (length(removed_hash) = 32)
) STRICT;
CREATE TRIGGER chains_only_grow BEFORE UPDATE ON event_chains
WHEN NEW.realm_id <> OLD.realm_id OR NEW.position < OLD.position OR NEW.removed < OLD.removed
    OR (NEW.position = OLD.position AND NEW.hash <> OLD.hash) BEGIN
    SELECT RAISE(ABORT, 'chains only grow');
END;
CREATE TRIGGER chains_are_not_deleted BEFORE DELETE ON event_chains BEGIN
    SELECT RAISE(ABORT, 'chains only grow');
END;

CREATE TABLE event_seals (
    realm_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (realm_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX event_seals_event ON event_seals (event_id);
CREATE TRIGGER seals_are_not_altered BEFORE UPDATE ON event_seals BEGIN
    SELECT RAISE(ABORT, 'seals are immutable');
END;
CREATE TRIGGER seals_are_not_deleted BEFORE DELETE ON event_seals
WHEN NOT EXISTS (SELECT 1 FROM event_chains WHERE realm_id = OLD.realm_id AND removed >= OLD.position) BEGIN
    SELECT RAISE(ABORT, 'seals are immutable');
END;
CREATE TRIGGER seals_are_not_replaced BEFORE INSERT ON event_seals
WHEN EXISTS (SELECT 1 FROM event_seals WHERE event_id = NEW.event_id OR (realm_id = NEW.realm_id AND position = NEW.position)) BEGIN
    SELECT RAISE(ABORT, 'seals are immutable');
END;

-- Only what the chain has let go of can be deleted.
DROP TRIGGER events_are_not_deleted;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
WHEN NOT EXISTS (
    SELECT 1 FROM event_seals s JOIN event_chains c ON c.realm_id = s.realm_id AND c.removed >= s.position WHERE s.event_id = OLD.id
) BEGIN
    SELECT RAISE(ABORT, 'events are immutable');
END;

CREATE INDEX events_kind ON events (realm_id, kind, id);
CREATE INDEX events_actor ON events (realm_id, actor_kind, actor_id, id);
CREATE INDEX events_target ON events (realm_id, target_kind, target_id, id);
CREATE INDEX events_denied ON events (realm_id, id) WHERE outcome = 'denied';

-- The words of each event, behind the sixteen digits of its realm; the first letters have an index of their own.
CREATE VIRTUAL TABLE event_search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, prefix = '17 18', tokenize = 'ascii'
);
