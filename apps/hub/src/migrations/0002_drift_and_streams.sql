-- Drift, agreements, effects and streams. Runs on an empty database, so locks and duration do not matter.

-- ---- drift
create table drift_items (
  id bigint generated always as identity primary key,
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  object_id text not null,
  path text not null,
  change text not null,
  desired jsonb,
  live jsonb,
  manager text,
  operation text,
  manager_at timestamptz,
  confidence text not null,
  contended boolean not null default false,
  state text not null default 'open',
  first_seen_at timestamptz not null,
  closed_at timestamptz,
  -- the transaction that opened or closed it: streams read on from here in an order that respects commits
  changed_in xid8 not null default pg_current_xact_id(),
  constraint drift_items_state_check check (state in ('open', 'corrected', 'reverted', 'superseded'))
);
create unique index drift_items_open_idx on drift_items (app_id, cluster_id, object_id, path) where state = 'open';
-- An occurrence is told from the next one of the same field by when it began, so that a report sent twice is recorded once.
create unique index drift_items_occurrence_idx on drift_items (app_id, cluster_id, object_id, path, first_seen_at);
create index drift_items_changed_in_idx on drift_items (changed_in, id);
create index drift_items_closed_at_idx on drift_items (closed_at) where closed_at is not null;
create index drift_items_first_seen_idx on drift_items (first_seen_at desc, id desc);
create index drift_items_open_first_seen_idx on drift_items (first_seen_at desc, id desc) where state = 'open';
create index drift_items_app_id_idx on drift_items (app_id, first_seen_at desc, id desc);
create index drift_items_cluster_id_idx on drift_items (cluster_id, first_seen_at desc, id desc);
create index drift_items_manager_idx on drift_items (manager, first_seen_at desc, id desc);
create index drift_items_path_idx on drift_items (path, first_seen_at desc, id desc);
create index drift_items_object_id_idx on drift_items (object_id, first_seen_at desc, id desc);

-- ---- agreements
-- Sets of objects an agent held back and a person agreed to see deleted, outside any rollout. Good for one assignment: it
-- changes what the agent may delete, never what it is assigned.
create table prune_confirmations (
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  counter bigint not null,
  prune_hash text not null,
  confirmed_by text not null,
  confirmed_at timestamptz not null default now(),
  primary key (app_id, cluster_id)
);

-- ---- effects wanted by committed transactions; a worker performs them and deletes the row
create table outbox (
  id bigint generated always as identity primary key,
  effect text not null,
  payload jsonb not null,
  created_at timestamptz not null default now()
);

-- ---- what SSE streams replay from `Last-Event-ID`
create table events (
  id bigint generated always as identity primary key,
  rollout_id bigint not null references rollouts (id),
  version bigint not null,
  type text not null,
  payload jsonb not null,
  at timestamptz not null default now(),
  unique (rollout_id, version, type, id)
);
create index events_rollout_id_idx on events (rollout_id, id);

create table idempotency_keys (
  principal_id bigint not null references principals (id),
  key text not null,
  route text not null,
  request_hash text not null,
  status integer,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (principal_id, key)
);
