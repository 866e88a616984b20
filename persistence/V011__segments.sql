-- Selections of contacts that somebody keeps by a name, and keys that may see contacts.

CREATE TABLE segments (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  name       text NOT NULL CHECK (name <> '' AND length(name) <= 150),
  filter     jsonb NOT NULL,            -- as the API takes it: names, not ids
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, name)
);

ALTER TABLE api_keys DROP CONSTRAINT api_keys_scope_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scope_check CHECK (scope IN ('user', 'contacts', 'admin'));
