// Generated from the server by `npm run generate`; not edited by hand.
export interface components {
    schemas: {
        FinetuningsCreateInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id: string;
            /**
             * @description A name for people.
             * @example my_model
             */
            alias?: string | null;
            base_llm?: {
                /**
                 * @description The only provider so far.
                 * @default openai
                 * @constant
                 */
                model_provider?: "openai";
                /**
                 * @description A model of the catalogue.
                 * @example gpt-4.1-mini
                 */
                model_name?: string;
                model_parameters?: {
                    /**
                     * @description Passes over the examples.
                     * @default 3
                     */
                    n_epochs?: number | string;
                    /**
                     * @description Examples per step.
                     * @default 1
                     */
                    batch_size?: number | string;
                    /**
                     * @description Scales the learning rate.
                     * @default auto
                     */
                    learning_rate_multiplier?: number | string;
                } | null;
            } | null;
            /** @description Ids to train on, at least 10. Left out or null: all of the connection. */
            golden_records?: string[] | null;
            metadata?: {
                [key: string]: string;
            } | null;
            idempotency_key?: string | null;
        };
        FinetuningsGetInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        FinetuningsListInput: {
            /**
             * @description How many at most.
             * @default 100
             */
            limit?: number;
            /**
             * @description The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id?: string;
            /** @enum {string} */
            status?: "queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled";
            /** @description Name of the base model. */
            model?: string;
        };
        FinetuningsUpdateInput: {
            alias?: string | null;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsCancelInput: {
            /** @description Merged over the finetuning's own. */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description Kept on the receipt. */
            reason?: string | null;
            /** @description How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS. */
            wait_ms?: number;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsCancelManyInput: {
            /** @description Merged over the finetuning's own. */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description Kept on the receipt. */
            reason?: string | null;
            /** @description How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS. */
            wait_ms?: number;
            ids: string[];
        };
        FinetuningsDeleteInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /** @description How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS. */
            wait_ms?: number;
        };
        FinetuningsEventsInput: {
            /** @default 100 */
            limit?: number;
            /**
             * @description Only events after this id; oldest come first.
             * @default 0
             */
            after?: number;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsWatchInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /** @description Only events after this one; left out: all from the first. */
            lastEventId?: number | null;
        };
        GoldenRecordsAddInput: components["schemas"]["NewGoldenRecord"][];
        NewGoldenRecord: {
            /**
             * @description The question.
             * @example How many books are overdue?
             */
            prompt_text: string;
            /**
             * @description The verified answer.
             * @example SELECT count(*) FROM loans WHERE due_on < now()
             */
            sql: string;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id: string;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        /** @default {} */
        GoldenRecordsListInput: {
            /**
             * @description How many at most.
             * @default 100
             */
            limit?: number;
            /**
             * @description The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id?: string;
        };
        GoldenRecordsDeleteInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        CreateDbConnection: {
            /**
             * @description A name for people.
             * @example library
             */
            alias: string;
            /**
             * @description The SQL of the database. `mssql` and `transactsql` are the same.
             * @default postgresql
             * @enum {string}
             */
            dialect?: "postgresql" | "mysql" | "mariadb" | "sqlite" | "mssql" | "transactsql" | "bigquery" | "snowflake" | "redshift" | "athena" | "trino" | "hive" | "flinksql" | "db2";
            /**
             * @description The schema text that goes into the system prompt of each training example.
             * @default
             * @example CREATE TABLE books (id integer, title text);
             */
            schema_sql?: string;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        DbConnectionsGetInput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        DbConnectionsListInput: {
            /**
             * @description How many at most.
             * @default 100
             */
            limit?: number;
            /**
             * @description The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        DbConnectionsUpdateInput: {
            /**
             * @description A name for people.
             * @example library
             */
            alias?: string;
            /**
             * @description The SQL of the database. `mssql` and `transactsql` are the same.
             * @enum {string}
             */
            dialect?: "postgresql" | "mysql" | "mariadb" | "sqlite" | "mssql" | "transactsql" | "bigquery" | "snowflake" | "redshift" | "athena" | "trino" | "hive" | "flinksql" | "db2";
            /**
             * @description The schema text that goes into the system prompt of each training example.
             * @example CREATE TABLE books (id integer, title text);
             */
            schema_sql?: string;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        Finetuning: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id: string;
            alias: string | null;
            /**
             * @description What has been observed or decided, never what is hoped.
             * @enum {string}
             */
            status: "queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled";
            error: string | null;
            base_llm: {
                model_provider: string;
                model_name: string;
                model_parameters: {
                    n_epochs: number | string;
                    batch_size: number | string;
                    learning_rate_multiplier: number | string;
                };
            };
            finetuning_file_id: string | null;
            finetuning_job_id: string | null;
            model_id: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
            /** @description What it is trained on, fixed at creation. */
            golden_records: string[];
            dataset: {
                examples: number;
                /** @description Of one pass over the examples. */
                tokens: number;
                bytes: number;
                /** @description SHA-256 of the training file. */
                content_hash: string;
            };
            metadata: {
                [key: string]: string;
            } | null;
            cancellation: components["schemas"]["Cancellation"] | null;
            progress: components["schemas"]["Progress"] | null;
        };
        /** @description The receipt of a cancel. */
        Cancellation: {
            /**
             * @description requested: stored and pursued until proven. confirmed: nothing runs, and nothing will. too_late: the run had ended.
             * @enum {string}
             */
            state: "requested" | "confirmed" | "too_late";
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            requested_at: string;
            requested_by: string;
            reason: string | null;
            confirmed_at: string | null;
            /** @description Why `confirmed` is true. */
            evidence: ("never_submitted" | "submission_refused" | "absent_at_provider" | "provider_cancelled" | "provider_gone") | null;
            /** @description The status word the provider last showed. */
            provider_status: string | null;
            trained_tokens: number | null;
        };
        Progress: {
            step: number | null;
            total_steps: number | null;
            train_loss: number | null;
            valid_loss: number | null;
            estimated_finish: string | null;
            /** @description Of all steps, 0 to 100. */
            percent: number | null;
        };
        FinetuningsListOutput: components["schemas"]["Finetuning"][];
        FinetuningsCancelManyOutput: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            finetuning: components["schemas"]["Finetuning"] | null;
            error: {
                reason: string;
                message: string;
            } | null;
        }[];
        FinetuningsDeleteOutput: {
            /** @constant */
            status: true;
            forgotten: boolean;
        };
        FinetuningsEventsOutput: components["schemas"]["FinetuningEvent"][];
        FinetuningEvent: {
            /** @description Counts the events of one finetuning from 1; pass it as `after`. */
            id: number;
            type: string;
            message: string;
            /** @description The status this event led to; null where it left it as it was. */
            status: ("queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled") | null;
            /** @description Where the event changed it. */
            progress: components["schemas"]["Progress"] | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
        };
        GoldenRecordsAddOutput: components["schemas"]["GoldenRecord"][];
        GoldenRecord: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            prompt_text: string;
            sql: string;
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            db_connection_id: string;
            metadata: {
                [key: string]: string;
            } | null;
            /** @description What a parser of the connection's dialect could not read. */
            warnings: string[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
        };
        GoldenRecordsListOutput: components["schemas"]["GoldenRecord"][];
        GoldenRecordsDeleteOutput: {
            /** @constant */
            status: true;
        };
        DbConnection: {
            /**
             * @description Id of 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            alias: string;
            dialect: string;
            schema_sql: string;
            metadata: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
        };
        DbConnectionsListOutput: components["schemas"]["DbConnection"][];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
