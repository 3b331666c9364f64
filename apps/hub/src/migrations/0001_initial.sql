-- First schema. Runs on an empty database, so locks and duration do not matter.

-- ---- access
create table principals (
  id bigint generated always as identity primary key,
  name text not null unique,
  kind text not null,
  created_at timestamptz not null default now(),
  constraint principals_kind_check check (kind in ('person', 'robot'))
);

create table api_tokens (
  id bigint generated always as identity primary key,
  principal_id bigint not null references principals (id),
  token_hash text not null unique,
  role text not null,
  description text not null default '',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint api_tokens_role_check check (role in ('viewer', 'operator', 'release-manager', 'cluster-admin', 'admin'))
);
create index api_tokens_principal_id_idx on api_tokens (principal_id);

-- ---- ledger: plain rows are inserted by use cases in their transaction; one sealer chains committed rows afterwards
create table ledger (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  subject text not null,
  outcome text not null,
  reason text,
  details jsonb not null default '{}',
  constraint ledger_outcome_check check (outcome in ('done', 'refused'))
);
create index ledger_subject_idx on ledger (subject, id);
create index ledger_actor_idx on ledger (actor, id);
create index ledger_action_idx on ledger (action, id);

create table ledger_seals (
  seq bigint primary key,
  entry_id bigint not null unique references ledger (id),
  prev_hash text not null,
  hash text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger ledger_append_only before update or delete or truncate on ledger
  for each statement execute function refuse_change();
create trigger ledger_seals_append_only before update or delete or truncate on ledger_seals
  for each statement execute function refuse_change();

-- ---- clusters
create table clusters (
  id bigint generated always as identity primary key,
  name text not null unique,
  labels jsonb not null default '{}',
  annotations jsonb not null default '{}',
  fingerprint text not null,
  kubernetes_version text,
  agent_version text,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  -- grows whenever something rendering or wave planning reads changes (labels, annotations, Kubernetes version)
  facts_version bigint not null default 1
);

create table agent_keys (
  id bigint generated always as identity primary key,
  cluster_id bigint not null references clusters (id),
  key_id text not null unique,
  public_jwk jsonb not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index agent_keys_cluster_id_idx on agent_keys (cluster_id);

create table join_tokens (
  id bigint generated always as identity primary key,
  token_hash text not null unique,
  name_pattern text not null,
  labels jsonb not null default '{}',
  max_uses integer not null,
  uses integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint join_tokens_uses_check check (uses between 0 and max_uses)
);

create table used_jtis (
  jti text primary key,
  expires_at timestamptz not null
);
create index used_jtis_expires_at_idx on used_jtis (expires_at);

-- One row per cluster: the newest session. `epoch` only grows; whatever carries an older one is dropped.
create table agent_sessions (
  cluster_id bigint primary key references clusters (id),
  epoch bigint not null,
  replica text not null,
  connected_at timestamptz not null,
  last_heartbeat_at timestamptz not null,
  disconnected_at timestamptz,
  last_report bigint not null default 0
);

-- ---- sources
create table sources (
  id bigint generated always as identity primary key,
  name text not null unique,
  url text not null,
  ref text not null,
  poll_interval_seconds integer not null,
  -- sealed under the hub key, never clear
  webhook_secret_sealed text,
  state text not null default 'pending',
  reason text,
  since timestamptz not null default now(),
  head_commit text,
  fetched_at timestamptz,
  created_at timestamptz not null default now(),
  version bigint not null default 1,
  constraint sources_state_check check (state in ('pending', 'ok', 'degraded'))
);

create table source_commits (
  source_id bigint not null references sources (id),
  commit text not null,
  author text not null,
  subject text not null,
  committed_at timestamptz not null,
  seen_at timestamptz not null default now(),
  -- what reading this commit led to; null until it has been read
  processed_at timestamptz,
  primary key (source_id, commit)
);

create table webhook_deliveries (
  source_id bigint not null references sources (id),
  delivery_id text not null,
  received_at timestamptz not null default now(),
  primary key (source_id, delivery_id)
);

-- ---- apps and groups
create table app_groups (
  id bigint generated always as identity primary key,
  name text not null unique,
  source_id bigint not null references sources (id),
  last_release_number integer not null default 0,
  -- why the newest release does not roll out, when it does not
  blocked text,
  created_at timestamptz not null default now()
);

create table apps (
  id bigint generated always as identity primary key,
  name text not null unique,
  source_id bigint not null references sources (id),
  group_id bigint not null references app_groups (id),
  directory text not null,
  manifest jsonb,
  state text not null,
  errors jsonb not null default '[]',
  commit text,
  errors_commit text,
  created_at timestamptz not null default now(),
  constraint apps_state_check check (state in ('ok', 'invalid', 'orphan-candidate'))
);
create index apps_group_id_idx on apps (group_id);
create index apps_source_id_idx on apps (source_id);

-- Which file of which source claims which app name, accepted or not: a name that is claimed twice counts for nobody.
create table app_definitions (
  source_id bigint not null references sources (id),
  file text not null,
  name text not null,
  primary key (source_id, file)
);
create index app_definitions_name_idx on app_definitions (name);

-- ---- content: one Kubernetes object per blob (canonical JSON, gzip; Secret values sealed), shared by all snapshots
create table blobs (
  digest text primary key,
  content bytea not null
);

create table snapshots (
  digest text primary key,
  object_count integer not null,
  -- contracts ObjectExplanation for each object, in order, as of the newest render that came to this snapshot
  explanations jsonb not null default '[]',
  created_at timestamptz not null default now()
);

create table snapshot_objects (
  snapshot_digest text not null references snapshots (digest),
  ordinal integer not null,
  object_id text not null,
  blob_digest text not null references blobs (digest),
  primary key (snapshot_digest, ordinal)
);

create table releases (
  id bigint generated always as identity primary key,
  group_id bigint not null references app_groups (id),
  number integer not null,
  source_id bigint not null references sources (id),
  commit text not null,
  digest text not null,
  subject text not null,
  author text not null,
  state text not null,
  errors jsonb not null default '[]',
  -- contracts Strategy, as the commit has it
  strategy jsonb not null,
  -- [{ app: name, dependsOn: [{ app, condition }] }], in dependency order
  app_order jsonb not null,
  created_at timestamptz not null default now(),
  unique (group_id, number),
  constraint releases_state_check check (state in ('ready', 'waiting'))
);
create index releases_group_id_idx on releases (group_id, id desc);

-- The map (app, cluster) -> snapshot. Append-only: a cluster that joins adds a row, a row never changes.
create table release_targets (
  release_id bigint not null references releases (id),
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  snapshot_digest text not null references snapshots (digest),
  -- contracts TargetSettings
  settings jsonb not null,
  primary key (release_id, app_id, cluster_id)
);
create trigger release_targets_append_only before update or delete on release_targets
  for each statement execute function refuse_change();

-- What the last render of a target read, so that a commit that touches none of it renders nothing.
create table render_traces (
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  commit text not null,
  paths jsonb not null,
  outcome jsonb not null,
  primary key (app_id, cluster_id)
);

-- ---- rollouts
create table rollouts (
  id bigint generated always as identity primary key,
  group_id bigint not null references app_groups (id),
  release_id bigint not null references releases (id),
  kind text not null,
  state text not null,
  reason text,
  since timestamptz not null,
  strategy jsonb not null,
  plan_hash text not null,
  started_by text not null,
  -- everything else the rollout machine needs to continue (who paused and why, pending successor, silence bookkeeping)
  memory jsonb not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  -- when a deadline, soak or grace period next needs a look; null when only events can move it
  next_check_at timestamptz,
  constraint rollouts_kind_check check (kind in ('rollout', 'rollback')),
  constraint rollouts_state_check check (state in ('planned', 'awaitingStart', 'running', 'paused', 'halted', 'superseding',
    'rollingBack', 'succeeded', 'rolledBack', 'rollbackFailed', 'cancelled', 'superseded'))
);
-- Invariant 4: at most one active rollout per group.
create unique index rollouts_one_active_idx on rollouts (group_id)
  where state in ('running', 'paused', 'halted', 'superseding', 'rollingBack');
create index rollouts_group_id_idx on rollouts (group_id, id desc);
create index rollouts_next_check_idx on rollouts (next_check_at) where next_check_at is not null;

create table rollout_waves (
  rollout_id bigint not null references rollouts (id),
  ordinal integer not null,
  name text not null,
  state text not null,
  reason text,
  since timestamptz not null,
  soak_started_at timestamptz,
  primary key (rollout_id, ordinal)
);

create table rollout_targets (
  rollout_id bigint not null references rollouts (id),
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  wave integer not null,
  state text not null,
  reason text,
  since timestamptz not null,
  digest text not null,
  previous_digest text,
  previous_release_id bigint references releases (id),
  counter bigint,
  -- its assignment was changed by this rollout
  touched boolean not null default false,
  -- it failed, had nothing to go back to, and nothing more is applied to it
  frozen boolean not null default false,
  received_at timestamptz,
  unhealthy_since timestamptz,
  -- why it failed; stays while it is rolled back
  failure text,
  primary key (rollout_id, app_id, cluster_id)
);

-- What a target should run now. Changed only by a rollout, a rollback, an approved deletion or a hold's end.
create table assignments (
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  digest text not null references snapshots (digest),
  release_id bigint not null references releases (id),
  counter bigint not null,
  mode text not null default 'reconcile',
  settings jsonb not null,
  rollout_id bigint references rollouts (id),
  traceparent text,
  assigned_at timestamptz not null default now(),
  primary key (app_id, cluster_id),
  constraint assignments_mode_check check (mode in ('reconcile', 'frozen'))
);
create index assignments_cluster_id_idx on assignments (cluster_id);

-- The only table written by every report of an agent.
create table target_status (
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  epoch bigint not null,
  counter bigint not null,
  digest text not null,
  phase text not null,
  permanent boolean not null default false,
  message text,
  health text not null default 'unknown',
  failing jsonb not null default '[]',
  counts jsonb not null default '{}',
  open_drift integer not null default 0,
  unmanaged integer not null default 0,
  contended integer not null default 0,
  prune_hold jsonb,
  notices jsonb not null default '[]',
  -- when the agent received and when it applied this counter, by the hub's clock
  received_at timestamptz not null,
  applied_at timestamptz,
  reported_at timestamptz not null,
  primary key (app_id, cluster_id),
  constraint target_status_phase_check check (phase in ('received', 'applied', 'failed', 'deleted'))
);
create index target_status_cluster_id_idx on target_status (cluster_id);

-- Sets of objects a person agreed to see deleted: the hash names exactly that set of one target in one rollout.
create table confirmed_prunes (
  rollout_id bigint not null references rollouts (id),
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  prune_hash text not null,
  confirmed_by text not null,
  confirmed_at timestamptz not null default now(),
  primary key (rollout_id, app_id, cluster_id)
);

create table holds (
  group_id bigint primary key references app_groups (id),
  release_id bigint references releases (id),
  reason text not null,
  policy text not null,
  rollout_id bigint references rollouts (id),
  created_by text not null,
  created_at timestamptz not null default now()
);

create table quarantines (
  id bigint generated always as identity primary key,
  group_id bigint not null references app_groups (id),
  app_id bigint not null references apps (id),
  cluster_id bigint not null references clusters (id),
  digest text not null,
  release_digest text not null,
  rollout_id bigint not null references rollouts (id),
  created_at timestamptz not null default now(),
  released_at timestamptz,
  released_by text,
  release_reason text
);
create unique index quarantines_open_idx on quarantines (app_id, cluster_id, digest) where released_at is null;
create index quarantines_group_id_idx on quarantines (group_id) where released_at is null;
