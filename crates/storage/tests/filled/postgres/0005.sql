INSERT INTO event_chains (realm_id, position, hash, removed, removed_hash) VALUES (99, 1, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'));
INSERT INTO event_seals (realm_id, position, event_id, hash) VALUES (99, 1, 99, decode(repeat('00', 32), 'hex'));
INSERT INTO event_search (event_id, terms) VALUES (99, array_to_tsvector(ARRAY['zoe']));
