// What goldtune reads of a run for a list of them; for the run itself, the ids of its records besides.
export const LISTED = `id, organization_id, db_connection_id, model_provider, model_name, model_parameters, dataset,
  provider_ledger, created_at, status, intent, alias, metadata, attempt, file_id, job_id, job_name, job_incarnation,
  job_stage, model_id, error, provider_status, trained_tokens, progress, waiting, cancel_requested_at,
  cancel_requested_by, cancel_requester, cancel_reason, cancel_confirmed_at, evidence, gone_since, deleted_at, version, due_at, failures,
  last_tried, updated_at`;

export const ORGANIZATION = '000000000000000000000000';
