-- The folded name that groups are searched by. SQL cannot fold it: the program does, in the statement that writes the
-- name, and for what an earlier version wrote after it has migrated. Until then it is absent.
ALTER TABLE groups ADD COLUMN search_name TEXT;
