-- The audit log's chain: each event is sealed with a hash over itself and the hash before it, realm by realm; until
-- then it waits in the queue. What a realm no longer keeps ends at a position whose hash stays.

-- Whoever is writing finishes first: no event falls between the filling of the queue and its trigger.
LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE event_queue (
    event_id BIGINT PRIMARY KEY,
    realm_id BIGINT NOT NULL
);
INSERT INTO event_queue (event_id, realm_id) SELECT id, realm_id FROM events;
CREATE FUNCTION queue_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event_queue (event_id, realm_id) VALUES (NEW.id, NEW.realm_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER events_wait_for_their_seal AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION queue_event();

CREATE TABLE event_chains (
    realm_id BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    removed BIGINT NOT NULL CHECK (removed <= position),
    removed_hash BYTEA NOT NULL CHECK (length(removed_hash) = 32)
);
CREATE FUNCTION refuse_chain_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'chains only grow';
END
$$;
CREATE TRIGGER chains_only_grow BEFORE UPDATE ON event_chains FOR EACH ROW
    WHEN (NEW.realm_id <> OLD.realm_id OR NEW.position < OLD.position OR NEW.removed < OLD.removed
        OR (NEW.position = OLD.position AND NEW.hash <> OLD.hash))
    EXECUTE FUNCTION refuse_chain_change();
CREATE TRIGGER chains_are_not_deleted BEFORE DELETE OR TRUNCATE ON event_chains FOR EACH STATEMENT EXECUTE FUNCTION refuse_chain_change();

CREATE TABLE event_seals (
    realm_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (realm_id, position)
);
CREATE UNIQUE INDEX event_seals_event ON event_seals (event_id);
CREATE FUNCTION refuse_seal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seals are immutable';
END
$$;
CREATE TRIGGER seals_are_not_changed BEFORE UPDATE OR TRUNCATE ON event_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();
CREATE FUNCTION refuse_seal_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM event_chains WHERE realm_id = OLD.realm_id AND removed >= OLD.position) THEN
        RAISE EXCEPTION 'seals are immutable';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER seals_are_not_deleted BEFORE DELETE ON event_seals FOR EACH ROW EXECUTE FUNCTION refuse_seal_deletion();

-- Only what the chain has let go of can be deleted.
DROP TRIGGER events_are_not_changed ON events;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
CREATE FUNCTION refuse_event_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM event_seals s JOIN event_chains c ON c.realm_id = s.realm_id AND c.removed >= s.position WHERE s.event_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'events are immutable';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_event_deletion();

CREATE INDEX events_kind ON events (realm_id, kind, id);
CREATE INDEX events_actor ON events (realm_id, actor_kind, actor_id, id);
CREATE INDEX events_target ON events (realm_id, target_kind, target_id, id);
CREATE INDEX events_denied ON events (realm_id, id) WHERE outcome = 'denied';

-- The words of each event.
CREATE TABLE event_search (
    event_id BIGINT PRIMARY KEY,
    terms TSVECTOR NOT NULL
);
CREATE INDEX event_search_terms ON event_search USING gin (terms);
