// Generated from the server by `npm run generate`; not edited by hand.
export interface components {
    schemas: {
        FinetuningsCreateInput: {
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id: string;
            /**
             * A name for people.
             * @example my_model
             */
            alias?: string | null;
            base_llm?: {
                /**
                 * Who trains it, by the name that the configuration gives: `GET /api/v1/providers` lists them. The run belongs to it for ever.
                 * @example openai
                 */
                model_provider?: string | null;
                /**
                 * A model that the provider trains.
                 * @example gpt-4.1-mini
                 */
                model_name?: string | null;
                model_parameters?: {
                    /**
                     * Passes over the examples. Left out: 3, or "auto" at a provider that does not take it.
                     * @example 3
                     */
                    n_epochs?: (number | string) | null;
                    /**
                     * Examples per step. Left out: 1, or "auto" at a provider that does not take it.
                     * @example 1
                     */
                    batch_size?: (number | string) | null;
                    /**
                     * Scales the provider's own learning rate.
                     * @default auto
                     * @example auto
                     */
                    learning_rate_multiplier?: (number | string) | null;
                    /**
                     * The learning rate itself, above 0 and at most 1; null: the provider chooses.
                     * @example 0.0001
                     */
                    learning_rate?: number | null;
                    /** Low-rank adaptation: a few matrices are trained beside the model. Null: the provider chooses. */
                    lora?: {
                        /**
                         * Rank of the matrices.
                         * @example 16
                         */
                        r: number;
                        /**
                         * What they are scaled by, divided by the rank.
                         * @example 32
                         */
                        alpha: number;
                        /**
                         * How much of them is left out at random in each step, from 0 to below 1.
                         * @default 0
                         * @example 0.05
                         */
                        dropout?: number | null;
                    } | null;
                } | null;
            } | null;
            /** Ids to train on, at least 10. Left out or null: all of the connection. */
            golden_records?: string[] | null;
            metadata?: {
                [key: string]: string;
            } | null;
            idempotency_key?: string | null;
        };
        FinetuningsGetInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        FinetuningsListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * Only runs on this database connection.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id?: string;
            /**
             * Only runs in this status.
             * @example running
             * @enum {string}
             */
            status?: "queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled";
            /**
             * Name of the base model.
             * @example gpt-4.1-mini
             */
            model?: string;
        };
        FinetuningsUpdateInput: {
            /**
             * A name for people.
             * @example my_model
             */
            alias?: string | null;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsCancelInput: {
            /** Merged over the finetuning's own; ignored where that would have more than 16 keys then. */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.
             * @example trained on last week's schema
             */
            reason?: string | null;
            /** How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS of the server. @goldtune/client asks for 5000, or half the limit of the call where that is less. */
            wait_ms?: number;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsCancelManyInput: {
            /** Merged over the finetuning's own; ignored where that would have more than 16 keys then. */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.
             * @example trained on last week's schema
             */
            reason?: string | null;
            /** How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS of the server. @goldtune/client asks for 5000, or half the limit of the call where that is less. */
            wait_ms?: number;
            ids: string[];
        };
        FinetuningsBulkCancelInput: {
            /**
             * These runs, and no others.
             * @example [
             *       "6579eb79eb4e22533dc43fe0"
             *     ]
             */
            ids?: string[] | null;
            where?: {
                /**
                 * Only runs in this status.
                 * @example running
                 * @enum {string}
                 */
                status?: "queued" | "validating_files" | "running";
                /**
                 * Only runs on this database connection.
                 * @example 65676b2feb4e22533dc43fb1
                 */
                db_connection_id?: string;
                /**
                 * Only runs of this base model.
                 * @example gpt-4.1-mini
                 */
                model?: string;
                /**
                 * Only runs at this provider.
                 * @example openai
                 */
                provider?: string;
            } | null;
            /**
             * All runs of the organization.
             * @example true
             */
            all?: true | null;
            /**
             * Runs that were made after this moment are not taken in: `as_of` of the preview that was looked at. Left out: until now. Not heeded with `ids`.
             * @example 2026-11-20T17:35:53.263Z
             */
            as_of?: string | null;
            /**
             * Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.
             * @example trained on last week's schema
             */
            reason?: string | null;
            /**
             * Only say what would be stopped; nothing is changed.
             * @example true
             */
            dry_run?: boolean | null;
            idempotency_key?: string | null;
        };
        FinetuningsDeleteInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /** How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS of the server. @goldtune/client asks for 5000, or half the limit of the call where that is less. */
            wait_ms?: number;
        };
        FinetuningsEventsInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * Only events after this id; oldest come first.
             * @default 0
             * @example 4
             */
            after?: number;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsLogsInput: {
            /**
             * How much at most, counted from the end; it begins with a whole line.
             * @default 65536
             * @example 65536
             */
            tail_bytes?: number;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        FinetuningsWatchInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /** Only events after this one; left out: all from the first. */
            lastEventId?: number | null;
        };
        BulkCancelsGetInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        BulkCancelsListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        BulkCancelsRunsInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        GoldenRecordsAddInput: components["schemas"]["NewGoldenRecord"][];
        /** A question and the SQL that is known to answer it. */
        NewGoldenRecord: {
            /**
             * The question.
             * @example How many books are overdue?
             */
            prompt_text: string;
            /**
             * The verified answer.
             * @example SELECT count(*) FROM loans WHERE due_on < now()
             */
            sql: string;
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id: string;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        GoldenRecordsGetInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        GoldenRecordsListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * Only records of this database connection.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id?: string;
            /**
             * Counted from 1, as published clients page. `after` is better: it never shifts as records come and go.
             * @example 1
             */
            page?: number;
        };
        GoldenRecordsDeleteInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** What to know of a database: no credentials are taken. */
        CreateDbConnection: {
            /**
             * A name for people.
             * @example library
             */
            alias: string;
            /**
             * The SQL of the database, by any name: it goes into the prompt, and is a hint to the parser that looks at the SQL of golden records. Known, under their usual other names too: postgresql, mysql, mariadb, sqlite, mssql, bigquery, snowflake, redshift, athena, trino, hive, databricks, duckdb, clickhouse, oracle, db2.
             * @default postgresql
             */
            dialect?: string | null;
            /**
             * The schema text that goes into the system prompt of each training example.
             * @default
             * @example CREATE TABLE books (id integer, title text);
             */
            schema_sql?: string | null;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        DbConnectionsGetInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        DbConnectionsListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        DbConnectionsUpdateInput: {
            /**
             * A name for people.
             * @example library
             */
            alias?: string;
            /**
             * The SQL of the database, by any name: it goes into the prompt, and is a hint to the parser that looks at the SQL of golden records. Known, under their usual other names too: postgresql, mysql, mariadb, sqlite, mssql, bigquery, snowflake, redshift, athena, trino, hive, databricks, duckdb, clickhouse, oracle, db2.
             * @example postgresql
             * @example mssql
             * @example databricks
             */
            dialect?: string;
            /**
             * The schema text that goes into the system prompt of each training example.
             * @example CREATE TABLE books (id integer, title text);
             */
            schema_sql?: string;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        DbConnectionsDeleteInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** Where to tell of runs, and what of them. */
        CreateWebhookEndpoint: {
            /**
             * Where it is sent to, by POST. https, at a public address: one of this network needs `WEBHOOK_PRIVATE_ADDRESSES=allow`.
             * @example https://hooks.example.com/goldtune
             */
            url: string;
            /**
             * For people.
             * @example Tells the training channel
             */
            description?: string | null;
            /**
             * What is told. Null: everything, also what a later version tells.
             * @example [
             *       "finetuning.cancelled",
             *       "finetuning.stuck"
             *     ]
             */
            types?: ("finetuning.status_changed" | "finetuning.cancel_requested" | "finetuning.cancelled" | "finetuning.cancel_too_late" | "finetuning.stuck")[] | null;
        };
        WebhookEndpointsGetInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        WebhookEndpointsListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        WebhookEndpointsUpdateInput: {
            /**
             * Where it is sent to, by POST. https, at a public address: one of this network needs `WEBHOOK_PRIVATE_ADDRESSES=allow`.
             * @example https://hooks.example.com/goldtune
             */
            url?: string;
            /**
             * For people.
             * @example Tells the training channel
             */
            description?: string | null;
            /**
             * What is told. Null: everything, also what a later version tells.
             * @example [
             *       "finetuning.cancelled",
             *       "finetuning.stuck"
             *     ]
             */
            types?: ("finetuning.status_changed" | "finetuning.cancel_requested" | "finetuning.cancelled" | "finetuning.cancel_too_late" | "finetuning.stuck")[] | null;
            /**
             * While it is false nothing is written for it, and what was written before waits.
             * @example true
             */
            enabled?: boolean;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        WebhookEndpointsRotateSecretInput: {
            /**
             * For how long the secret before signs too, in milliseconds; a webhook has a signature of each then.
             * @default 86400000
             * @example 86400000
             */
            overlap_ms?: number | null;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        WebhookEndpointsDeleteInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        WebhookEndpointsPingInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        WebhookEndpointsDeliveriesInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        WebhookEndpointsRedeliverInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            delivery_id: string;
        };
        /** @default {} */
        ProvidersListInput: Record<string, never>;
        /** A key that others are given: what for, and what it may do. */
        CreateApiKey: {
            /**
             * Whose it is, or what for: receipts show it as `requested_by`.
             * @example on call
             */
            name: string;
            /**
             * What it may do: `read` to look, `run` to start and change, `cancel` to stop, `admin` all of it and to manage keys. None of the first three brings another with it; to delete a run takes `run` and `cancel`.
             * @example [
             *       "read",
             *       "cancel"
             *     ]
             */
            scopes: ("read" | "run" | "cancel" | "admin")[];
            expires_at?: string | null;
        };
        /** @default {} */
        KeysListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        KeysRotateInput: {
            /**
             * How long the old key still opens beside the new one, in milliseconds: a day unless given, 90 days at most, and never longer than it would have. 0: it opens nothing from now on.
             * @default 86400000
             * @example 86400000
             */
            overlap_ms?: number | null;
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        KeysRevokeInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        PeopleListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        /** Who is invited, and what they may do once they have joined. */
        Invite: {
            /**
             * In lower case.
             * @example grace@example.com
             */
            email: string;
            /**
             * What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.
             * @example operator
             * @enum {string}
             */
            role: "admin" | "member" | "operator" | "viewer";
        };
        PeopleSetRoleInput: {
            /**
             * What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.
             * @example operator
             * @enum {string}
             */
            role: "admin" | "member" | "operator" | "viewer";
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        PeopleRemoveInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        PeopleInvitationsInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 656777c9eb4e22533dc43fce
             */
            after?: string;
        };
        PeopleRevokeInvitationInput: {
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
        };
        /** @default {} */
        MeGetInput: Record<string, never>;
        /** @default {} */
        AuditListInput: {
            /**
             * How many at most. A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.
             * @default 100
             * @example 100
             */
            limit?: number;
            /**
             * The id the last page ended with; newest come first.
             * @example 01a1fa076daf6579eb79eb4e22533dc43fe000000001
             */
            after?: string;
            /**
             * Only what was done to this finetuning, as its events tell it.
             * @example 6579eb79eb4e22533dc43fe0
             */
            finetuning_id?: string;
            /**
             * Only what was done by the key or the person of this id.
             * @example 656a1c10eb4e22533dc44001
             */
            by?: string;
            /**
             * Only what is of this type.
             * @example cancel_requested
             * @enum {string}
             */
            type?: "created" | "updated" | "cancel_requested" | "cancelled" | "cancel_too_late" | "delete_requested" | "key_created" | "key_rotated" | "key_revoked" | "webhook_endpoint_created" | "webhook_endpoint_updated" | "webhook_secret_rotated" | "webhook_endpoint_deleted" | "webhook_redelivered" | "db_connection_created" | "db_connection_updated" | "db_connection_deleted" | "golden_records_added" | "golden_record_deleted" | "bulk_cancel_started";
            /**
             * Format: date-time
             * Only what was done then or later; ISO 8601, with `Z` or an offset.
             */
            since?: string;
            /**
             * Format: date-time
             * Only what was done before then; ISO 8601, with `Z` or an offset.
             */
            until?: string;
        };
        FinetuningsCreateOutput: components["schemas"]["Finetuning"] & {
            /**
             * The idempotency key was used before: this is the run it made then, and nothing was started now.
             * @example true
             * @constant
             */
            replayed?: true;
        };
        /** A run: what it is trained on, how far it has got, whether it was stopped. */
        Finetuning: {
            /**
             * Id of the finetuning: 24 lowercase hex digits, ordered by time.
             * @example 6579eb79eb4e22533dc43fe0
             */
            id: string;
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id: string;
            /**
             * A name for people.
             * @example my_model
             */
            alias: string | null;
            /**
             * What has been observed or decided, never what is hoped.
             * @example running
             * @enum {string}
             */
            status: "queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled";
            /**
             * Why it failed, or that it was cancelled.
             * @example Fine tuning cancelled by the user
             */
            error: string | null;
            /** What is trained. */
            base_llm: {
                /**
                 * Who trains it, by the name that the configuration gives: `GET /api/v1/providers` lists them. The run belongs to it for ever.
                 * @example openai
                 */
                model_provider: string;
                /**
                 * A model that the provider trains.
                 * @example gpt-4.1-mini
                 */
                model_name: string;
                /** As given, with the defaults filled in; null where what is stored cannot be read. */
                model_parameters: {
                    /**
                     * Passes over the examples.
                     * @example 3
                     */
                    n_epochs: number | string;
                    /**
                     * Examples per step.
                     * @example 1
                     */
                    batch_size: number | string;
                    /**
                     * Scales the provider's own learning rate.
                     * @example auto
                     */
                    learning_rate_multiplier: number | string;
                    /**
                     * The learning rate itself, above 0 and at most 1; null: the provider chooses.
                     * @example 0.0001
                     */
                    learning_rate: number | null;
                    /** Low-rank adaptation: a few matrices are trained beside the model. Null: the provider chooses. */
                    lora: {
                        /**
                         * Rank of the matrices.
                         * @example 16
                         */
                        r: number;
                        /**
                         * What they are scaled by, divided by the rank.
                         * @example 32
                         */
                        alpha: number;
                        /**
                         * How much of them is left out at random in each step, from 0 to below 1.
                         * @example 0.05
                         */
                        dropout: number;
                    } | null;
                } | null;
            };
            /**
             * The provider's id of the training file.
             * @example file-8bHqLwXr3vJd
             */
            finetuning_file_id: string | null;
            /**
             * The provider's id of the job.
             * @example ftjob-Zk2qP0sVbN7c
             */
            finetuning_job_id: string | null;
            /**
             * The provider's id of the trained model, once there is one.
             * @example ft:gpt-4.1-mini:acme::9xYzAbCd
             */
            model_id: string | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
            /** What it is trained on, fixed at creation. Null in a list, of runs or of cancels, and with an error: show the run itself for them. `dataset.examples` says how many. */
            golden_records: string[] | null;
            /** The training file, fixed at creation; null where what is stored cannot be read. */
            dataset: {
                /**
                 * One a golden record.
                 * @example 17
                 */
                examples: number;
                /**
                 * Of one pass over the examples.
                 * @example 1248
                 */
                tokens: number;
                /**
                 * Whether they were counted by the model's own tokenizer; else they are an estimate.
                 * @example true
                 */
                tokens_exact: boolean;
                /**
                 * By how much they may be more or fewer, as a part of them: 0.3 is ±30 %. 0 where they are exact.
                 * @example 0
                 */
                tokens_margin: number;
                /**
                 * Size of the training file.
                 * @example 5921
                 */
                bytes: number;
                /**
                 * SHA-256 of the training file.
                 * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                content_hash: string;
            } | null;
            metadata: {
                [key: string]: string;
            } | null;
            cancellation: components["schemas"]["Cancellation"] | null;
            progress: components["schemas"]["Progress"] | null;
            /** Null while it goes on as it should. */
            waiting: components["schemas"]["Waiting"] | null;
        };
        /** The receipt of a cancel. */
        Cancellation: {
            /**
             * requested: stored and pursued until proven. confirmed: nothing runs, and nothing will. too_late: the run had ended.
             * @example confirmed
             * @enum {string}
             */
            state: "requested" | "confirmed" | "too_late";
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            requested_at: string;
            /**
             * Who asked first: the name of the key or the person. `local` where no key is asked for, `provider` where it was stopped there and nobody asked here.
             * @example on call
             */
            requested_by: string;
            /** The same, told apart from others of that name. Null: nobody asked here, or it was before this was kept. */
            requester: components["schemas"]["Requester"] | null;
            /**
             * As the caller gave it first.
             * @example trained on last week's schema
             */
            reason: string | null;
            confirmed_at: string | null;
            /**
             * Why `confirmed` is true.
             * @example provider_cancelled
             */
            evidence: ("never_submitted" | "submission_refused" | "absent_at_provider" | "provider_cancelled" | "provider_gone") | null;
            /**
             * The status word the provider last showed.
             * @example cancelled
             */
            provider_status: string | null;
            /**
             * Trained before it stopped, where the provider says so.
             * @example 1248
             */
            trained_tokens: number | null;
        };
        /** A key or a person. */
        Requester: {
            /**
             * key: an API key. person: somebody who has signed in. local: whoever is at the machine itself, without a key.
             * @example key
             * @enum {string}
             */
            who: "key" | "person" | "local";
            /**
             * Of the API key or the person; `admin` is the key of the configuration, `local` whoever needs none.
             * @example 656a1c10eb4e22533dc44001
             */
            id: string;
        };
        /** How far the training has got, as the provider last said. */
        Progress: {
            /**
             * The last step reported.
             * @example 17
             */
            step: number | null;
            /**
             * Of the whole run.
             * @example 51
             */
            total_steps: number | null;
            /**
             * Loss on the examples, at that step.
             * @example 0.42
             */
            train_loss: number | null;
            /**
             * Loss on held-out examples, where there are any.
             * @example 0.57
             */
            valid_loss: number | null;
            /**
             * The provider's estimate, ISO 8601.
             * @example 2026-11-20T17:58:00.000Z
             */
            estimated_finish: string | null;
            /**
             * Of all steps, 0 to 100.
             * @example 33.3
             */
            percent: number | null;
        };
        /** Something outside that the run waits for: it goes on, or stops, once that is there. */
        Waiting: {
            /**
             * What it waits for, for people.
             * @example The provider still shows running; its answer to the cancel: none that is clear, HTTP 503.
             */
            for: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            since: string;
            /** Null where nothing was tried yet. */
            last_tried: components["schemas"]["Tried"] | null;
            /** When it is tried next; null where nobody can tell. */
            next_look_at: string | null;
        };
        /** What was tried last. */
        Tried: {
            /**
             * What the provider was asked.
             * @example get_job
             * @enum {string}
             */
            action: "upload" | "create" | "release" | "cancel" | "delete_file" | "get_file" | "list_files" | "get_job" | "list_jobs";
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            at: string;
            /**
             * What came of it, for people.
             * @example running
             */
            answer: string;
        };
        FinetuningsListOutput: components["schemas"]["Finetuning"][];
        FinetuningsCancelOutput: components["schemas"]["Finetuning"] & {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
        };
        FinetuningsCancelManyOutput: {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
            /**
             * Id: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            finetuning: components["schemas"]["Finetuning"] | null;
            error: {
                reason: string;
                message: string;
            } | null;
        }[];
        FinetuningsBulkCancelOutput: components["schemas"]["BulkCancelPreview"] | {
            /**
             * Id of the bulk cancel: 24 lowercase hex digits, ordered by time.
             * @example 6b0d1d1114bbfd7ccf191971
             */
            id: string;
            /**
             * storing: some runs are still to get the wish, which is certain by now all the same. stopping: each has it. done: nothing is left to stop.
             * @example stopping
             * @enum {string}
             */
            state: "storing" | "stopping" | "done";
            /**
             * Whether it was for all runs.
             * @example false
             */
            all: boolean;
            /**
             * The conditions it was for; null: it was for named runs, or all.
             * @example {
             *       "status": "running"
             *     }
             */
            where: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            as_of: string;
            /**
             * Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.
             * @example trained on last week's schema
             */
            reason: string | null;
            /**
             * Who asked.
             * @example on call
             */
            requested_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /** Since then each run has the wish; null: not yet. */
            stored_at: string | null;
            /**
             * How many it took in.
             * @example 12
             */
            runs: number;
            /** How many have come to what. storing: its wish is still to be stored. stopping: stored, and pursued until proven. cancelled: proven. too_late: it had ended. deleted: it was forgotten since. unknown: there was no such run. unreadable: its row holds what nobody understands; the log says what. */
            counts: {
                /** @example 4 */
                storing: number;
                /** @example 4 */
                stopping: number;
                /** @example 4 */
                cancelled: number;
                /** @example 4 */
                too_late: number;
                /** @example 4 */
                deleted: number;
                /** @example 4 */
                unknown: number;
                /** @example 4 */
                unreadable: number;
            };
            /** @constant */
            dry_run: false;
            replayed: boolean;
        };
        /** What a bulk cancel would stop, and what is past stopping. */
        BulkCancelPreview: {
            /**
             * @example true
             * @constant
             */
            dry_run: true;
            /**
             * Format: date-time
             * Send it back, and no run that was made later is stopped.
             * @example 2026-11-20T17:35:53.263Z
             */
            as_of: string;
            /** Would be stopped. */
            to_cancel: {
                /** @example 12 */
                count: number;
                /**
                 * Whether they are more than `count`, and were not counted further.
                 * @example false
                 */
                is_more: boolean;
                /** Newest first, a hundred at most. */
                runs: components["schemas"]["ChosenRun"][];
            };
            /** Are asked to stop already; another wish changes nothing. */
            already_stopping: {
                /** @example 12 */
                count: number;
                /**
                 * Whether they are more than `count`, and were not counted further.
                 * @example false
                 */
                is_more: boolean;
                /** Newest first, a hundred at most. */
                runs: components["schemas"]["ChosenRun"][];
            };
            /** Have ended: there is nothing to stop. */
            past_stopping: {
                /** @example 12 */
                count: number;
                /**
                 * Whether they are more than `count`, and were not counted further.
                 * @example false
                 */
                is_more: boolean;
                /** Newest first, a hundred at most. */
                runs: components["schemas"]["ChosenRun"][];
            };
        };
        /** A run that a bulk cancel is about. */
        ChosenRun: {
            /**
             * Id of the finetuning: 24 lowercase hex digits, ordered by time.
             * @example 6579eb79eb4e22533dc43fe0
             */
            id: string;
            /** @example my_model */
            alias: string | null;
            /** @example running */
            status: string;
            /** @example gpt-4.1-mini */
            model_name: string;
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id: string;
        };
        FinetuningsDeleteOutput: {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
            /** @constant */
            status: true;
            forgotten: boolean;
        };
        FinetuningsEventsOutput: components["schemas"]["FinetuningEvent"][];
        /** One entry of the timeline. */
        FinetuningEvent: {
            /**
             * Counts the events of one finetuning from 1; pass it as `after`.
             * @example 4
             */
            id: number;
            /**
             * What happened, in one word for programs.
             * @example status_changed
             */
            type: string;
            /**
             * The same for people.
             * @example The provider shows running.
             */
            message: string;
            /**
             * The status this event led to; null where it left it as it was.
             * @example running
             */
            status: ("queued" | "validating_files" | "running" | "succeeded" | "failed" | "cancelled") | null;
            /** Where the event changed it. */
            progress: components["schemas"]["Progress"] | null;
            /** Whose request it comes of. Null: nobody's, as what workers and providers do; or it was before this was kept. */
            by: components["schemas"]["Actor"] | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
        };
        /** Who asked for something, with what, and from where. */
        Actor: {
            /**
             * key: an API key. person: somebody who has signed in. local: whoever is at the machine itself, without a key.
             * @example key
             * @enum {string}
             */
            who: "key" | "person" | "local";
            /**
             * Of the API key or the person; `admin` is the key of the configuration, `local` whoever needs none.
             * @example 656a1c10eb4e22533dc44001
             */
            id: string;
            /**
             * Its name then.
             * @example on call
             */
            name: string;
            /**
             * The address that was connected, or that a proxy of `TRUSTED_PROXIES` names; told to who has the scope `admin`. Null to others, and where it was asked for in the process of the server.
             * @example 192.0.2.7
             */
            from: string | null;
        };
        /** What a run's trainer has printed. */
        Logs: {
            /**
             * Id of the finetuning: 24 lowercase hex digits, ordered by time.
             * @example 6579eb79eb4e22533dc43fe0
             */
            finetuning_id: string;
            /**
             * Where they come from.
             * @example gpus
             */
            model_provider: string;
            /**
             * The provider's id of the job.
             * @example 4711
             */
            job_id: string;
            /**
             * The end of what the trainer has printed, as plain text: without what steers a terminal.
             * @example step 17 loss 0.42
             */
            text: string;
            /**
             * There is more before it.
             * @example false
             */
            cut_off: boolean;
        };
        /** Many runs stopped by one wish, and how far that is. */
        BulkCancel: {
            /**
             * Id of the bulk cancel: 24 lowercase hex digits, ordered by time.
             * @example 6b0d1d1114bbfd7ccf191971
             */
            id: string;
            /**
             * storing: some runs are still to get the wish, which is certain by now all the same. stopping: each has it. done: nothing is left to stop.
             * @example stopping
             * @enum {string}
             */
            state: "storing" | "stopping" | "done";
            /**
             * Whether it was for all runs.
             * @example false
             */
            all: boolean;
            /**
             * The conditions it was for; null: it was for named runs, or all.
             * @example {
             *       "status": "running"
             *     }
             */
            where: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            as_of: string;
            /**
             * Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.
             * @example trained on last week's schema
             */
            reason: string | null;
            /**
             * Who asked.
             * @example on call
             */
            requested_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /** Since then each run has the wish; null: not yet. */
            stored_at: string | null;
            /**
             * How many it took in.
             * @example 12
             */
            runs: number;
            /** How many have come to what. storing: its wish is still to be stored. stopping: stored, and pursued until proven. cancelled: proven. too_late: it had ended. deleted: it was forgotten since. unknown: there was no such run. unreadable: its row holds what nobody understands; the log says what. */
            counts: {
                /** @example 4 */
                storing: number;
                /** @example 4 */
                stopping: number;
                /** @example 4 */
                cancelled: number;
                /** @example 4 */
                too_late: number;
                /** @example 4 */
                deleted: number;
                /** @example 4 */
                unknown: number;
                /** @example 4 */
                unreadable: number;
            };
        };
        BulkCancelsListOutput: components["schemas"]["BulkCancel"][];
        BulkCancelsRunsOutput: components["schemas"]["BulkCancelRun"][];
        /** What has become of one run; where there is none, the id and that alone. */
        BulkCancelRun: {
            /**
             * Id of the finetuning: 24 lowercase hex digits, ordered by time.
             * @example 6579eb79eb4e22533dc43fe0
             */
            id: string;
            /**
             * storing: its wish is still to be stored. stopping: stored, and pursued until proven. cancelled: proven. too_late: it had ended. deleted: it was forgotten since. unknown: there was no such run. unreadable: its row holds what nobody understands; the log says what.
             * @example cancelled
             * @enum {string}
             */
            outcome: "storing" | "stopping" | "cancelled" | "too_late" | "deleted" | "unknown" | "unreadable";
            /** @example my_model */
            alias: string | null;
            status: string | null;
            model_name: string | null;
            db_connection_id: string | null;
        };
        GoldenRecordsAddOutput: (components["schemas"]["GoldenRecord"] & {
            /**
             * The same question and SQL were there before, or earlier in this call: nothing was added.
             * @example true
             * @constant
             */
            duplicate?: true;
        })[];
        /** A verified question and SQL pair, which runs are trained on. */
        GoldenRecord: {
            /**
             * Id of the golden record: 24 lowercase hex digits, ordered by time.
             * @example 656777c9eb4e22533dc43fce
             */
            id: string;
            /**
             * The question.
             * @example How many books are overdue?
             */
            prompt_text: string;
            /**
             * The verified answer.
             * @example SELECT count(*) FROM loans WHERE due_on < now()
             */
            sql: string;
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            db_connection_id: string;
            metadata: {
                [key: string]: string;
            } | null;
            /** What a parser of the connection's dialect could not read. */
            warnings: string[];
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Since when it is hidden from new runs; null: it is not.
             * @example 2026-11-21T09:14:30.250Z
             */
            deleted_at: string | null;
        };
        GoldenRecordsListOutput: components["schemas"]["GoldenRecord"][];
        GoldenRecordsDeleteOutput: {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
            /** @constant */
            status: true;
        };
        /** A database that questions are asked about. */
        DbConnection: {
            /**
             * Id of the database connection: 24 lowercase hex digits, ordered by time.
             * @example 65676b2feb4e22533dc43fb1
             */
            id: string;
            /**
             * A name for people.
             * @example library
             */
            alias: string;
            /**
             * The SQL of the database, by any name: it goes into the prompt, and is a hint to the parser that looks at the SQL of golden records. Known, under their usual other names too: postgresql, mysql, mariadb, sqlite, mssql, bigquery, snowflake, redshift, athena, trino, hive, databricks, duckdb, clickhouse, oracle, db2.
             * @example postgresql
             * @example mssql
             * @example databricks
             */
            dialect: string;
            /**
             * Whether a parser looks at the SQL of its golden records. Not every dialect has one that is right often enough; then no record has warnings.
             * @example true
             */
            sql_checked: boolean;
            /**
             * The schema text that goes into the system prompt of each training example.
             * @example CREATE TABLE books (id integer, title text);
             */
            schema_sql: string;
            metadata: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
        };
        DbConnectionsListOutput: components["schemas"]["DbConnection"][];
        DbConnectionsDeleteOutput: {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
            /** @constant */
            status: true;
        };
        /** An endpoint, with a secret that was just made. */
        WebhookEndpointWithSecret: {
            /**
             * Id of the webhook endpoint: 24 lowercase hex digits, ordered by time.
             * @example 6579f0a1eb4e22533dc44001
             */
            id: string;
            /**
             * Where it is sent to, by POST. https, at a public address: one of this network needs `WEBHOOK_PRIVATE_ADDRESSES=allow`.
             * @example https://hooks.example.com/goldtune
             */
            url: string;
            /**
             * For people.
             * @example Tells the training channel
             */
            description: string | null;
            /**
             * What is told. Null: everything, also what a later version tells.
             * @example [
             *       "finetuning.cancelled",
             *       "finetuning.stuck"
             *     ]
             */
            types: string[] | null;
            /**
             * While it is false nothing is written for it, and what was written before waits.
             * @example true
             */
            enabled: boolean;
            /**
             * Why it was disabled by itself; null where it was not.
             * @example The receiver answered 410: there is nobody any more.
             */
            disabled_reason: string | null;
            /**
             * Until when the secret before signs too; null where it does not.
             * @example 2026-11-21T17:35:53.263Z
             */
            previous_secret_until: string | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
            /**
             * Signs what is sent, as Standard Webhooks has it. It is shown this once.
             * @example whsec_bm90IGEgc2VjcmV0OiBhbiBleGFtcGxlIG9mIG9uZQ==
             */
            secret: string;
        };
        /** Where changes of runs are told. */
        WebhookEndpoint: {
            /**
             * Id of the webhook endpoint: 24 lowercase hex digits, ordered by time.
             * @example 6579f0a1eb4e22533dc44001
             */
            id: string;
            /**
             * Where it is sent to, by POST. https, at a public address: one of this network needs `WEBHOOK_PRIVATE_ADDRESSES=allow`.
             * @example https://hooks.example.com/goldtune
             */
            url: string;
            /**
             * For people.
             * @example Tells the training channel
             */
            description: string | null;
            /**
             * What is told. Null: everything, also what a later version tells.
             * @example [
             *       "finetuning.cancelled",
             *       "finetuning.stuck"
             *     ]
             */
            types: string[] | null;
            /**
             * While it is false nothing is written for it, and what was written before waits.
             * @example true
             */
            enabled: boolean;
            /**
             * Why it was disabled by itself; null where it was not.
             * @example The receiver answered 410: there is nobody any more.
             */
            disabled_reason: string | null;
            /**
             * Until when the secret before signs too; null where it does not.
             * @example 2026-11-21T17:35:53.263Z
             */
            previous_secret_until: string | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            updated_at: string;
        };
        WebhookEndpointsListOutput: components["schemas"]["WebhookEndpoint"][];
        WebhookEndpointsDeleteOutput: {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
            /** @constant */
            status: true;
        };
        /** A webhook: what it tells, and what came of it. */
        Delivery: {
            /**
             * Id of the delivery, which is its `webhook-id`: 24 lowercase hex digits, ordered by time.
             * @example 0006447c1b2f8a3d5e7f9012
             */
            id: string;
            /**
             * What it tells.
             * @example finetuning.cancelled
             */
            type: string;
            /** Of which run; null: it is a ping. */
            finetuning_id: string | null;
            /**
             * The event of the run that it tells, by its id; 0 of a ping.
             * @example 4
             */
            version: number;
            /**
             * pending: it is sent until it is taken, for a day. given_up: it was not; send it again by hand.
             * @example pending
             * @enum {string}
             */
            state: "pending" | "delivered" | "given_up";
            /**
             * How often it was tried, since it was last asked for by hand.
             * @example 2
             */
            attempts: number;
            /** When it is tried next, at the earliest: after those before it of its run. Null: not any more. */
            next_at: string | null;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /** Null where there was none yet. */
            last_attempt: components["schemas"]["DeliveryAttempt"] | null;
        };
        /** The last attempt to deliver. */
        DeliveryAttempt: {
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            at: string;
            /**
             * How long it took.
             * @example 84
             */
            duration_ms: number;
            /**
             * The HTTP status of the answer; null where none came.
             * @example 503
             */
            status: number | null;
            /**
             * How the answer begins.
             * @example upstream is down
             */
            answer: string | null;
            /**
             * What was wrong; null where it was taken.
             * @example HTTP 503
             */
            error: string | null;
        };
        WebhookEndpointsDeliveriesOutput: components["schemas"]["Delivery"][];
        ProvidersListOutput: components["schemas"]["Provider"][];
        /** Who trains, as it is configured. */
        Provider: {
            /**
             * As `model_provider` takes it.
             * @example openai
             */
            name: string;
            /**
             * Whether it trains where a request names none.
             * @example true
             */
            standard: boolean;
            /**
             * The built-in emulator, which trains nothing.
             * @example false
             */
            sandbox: boolean;
            /**
             * Whether it answers us; false too where it refuses our key. Null: it cannot be asked for nothing.
             * @example true
             */
            reachable: boolean | null;
            /**
             * Why it is not, for people.
             * @example no answer within 3 s
             */
            reason: string | null;
            /** It is asked anew after some seconds. Null: it was not asked. */
            asked_at: string | null;
            /**
             * What is trained where a request names no model; null: it has to.
             * @example gpt-4.1-mini
             */
            default_model: string | null;
            /** The `model_parameters` it knows; others are refused. */
            parameters: ("n_epochs" | "batch_size" | "learning_rate_multiplier" | "learning_rate" | "lora")[];
            /**
             * Whether the logs of a run can be read.
             * @example false
             */
            shows_logs: boolean;
            /**
             * Whether it trains any model that is named, beyond those listed.
             * @example false
             */
            open_catalogue: boolean;
            /** What it trains. */
            models: components["schemas"]["Model"][];
            guarantees: components["schemas"]["Guarantees"];
        };
        /** A model that a provider trains. */
        Model: {
            /**
             * As `model_name` takes it.
             * @example gpt-4.1-mini
             */
            name: string;
            /**
             * Tokens that one example may have; null where nobody says.
             * @example 65536
             */
            max_example_tokens: number | null;
            /**
             * Whether its tokens are counted by its own tokenizer; else by another, which is an estimate.
             * @example true
             */
            tokens_exact: boolean;
            /**
             * By how much they may be more or fewer, as a part of them: 0.3 is ±30 %. 0 where they are exact.
             * @example 0
             */
            tokens_margin: number;
            /**
             * The public price in US dollars; null where none is known.
             * @example 5
             */
            usd_per_million_trained_tokens: number | null;
            /** From which day on nobody can train it; null where none is announced. */
            training_ends: {
                /**
                 * The day announced.
                 * @example 2027-01-06
                 */
                on: string;
                /**
                 * The day on which that was read.
                 * @example 2026-11-25
                 */
                read_on: string;
                /**
                 * There where no more was said than that it will not be before; then it may be trained after it too.
                 * @example true
                 * @constant
                 */
                at_the_earliest?: true;
            } | null;
            /** From which day on what was trained on it is not served any more; null where none is announced. */
            serving_ends: {
                /**
                 * The day announced.
                 * @example 2027-01-06
                 */
                on: string;
                /**
                 * The day on which that was read.
                 * @example 2026-11-25
                 */
                read_on: string;
                /**
                 * There where no more was said than that it will not be before; then it may be trained after it too.
                 * @example true
                 * @constant
                 */
                at_the_earliest?: true;
            } | null;
            /** That only who has trained it before may still do so; null where everybody may. */
            existing_customers_only: {
                /**
                 * The day on which that was read.
                 * @example 2026-11-25
                 */
                read_on: string;
            } | null;
        };
        /** What a stop at this provider rests on. */
        Guarantees: {
            /**
             * When a job begins: with its create, or held until it is released; one that was never released has never trained.
             * @example at_create
             * @enum {string}
             */
            start: "at_create" | "held";
            /**
             * How a run is stopped: by a cancel, or with its training file removed first, where the engine can forget what it has acknowledged.
             * @example cancel
             * @enum {string}
             */
            stop: "cancel" | "fence_then_cancel";
            /**
             * What makes a create harmless that is executed late: without its training file it never trains. Or nothing, so that a stop of a run whose create was not answered rests on the settle window alone.
             * @example file
             * @enum {string}
             */
            fence: "file" | "none";
            /**
             * Who names a job: the provider, or goldtune, by a name that is given once.
             * @example assigned
             * @enum {string}
             */
            identity: "assigned" | "named";
            /**
             * What of ours a job carries, by which it is found and told from others.
             * @example metadata
             * @enum {string}
             */
            tag: "metadata" | "name_and_comment" | "suffix_and_file";
            /** The provider's own cancel. */
            cancel: {
                /**
                 * It is answered before it has taken effect.
                 * @example false
                 */
                asynchronous: boolean;
                /**
                 * A job may finish in spite of it. Null: nobody says.
                 * @example false
                 */
                may_finish_anyway: boolean | null;
                /**
                 * The provider goes on to show the job afterwards. Null: nobody says.
                 * @example true
                 */
                keeps_record: boolean | null;
                /**
                 * What is paid for a run that is cancelled.
                 * @example The tokens trained before it stopped.
                 */
                billed: string;
            };
            /** How far this can be trusted. */
            verified: {
                /**
                 * What all of this was held against.
                 * @example document
                 * @enum {string}
                 */
                against: "real engine" | "live account" | "emulator" | "document";
                /**
                 * When.
                 * @example 2026-11-25
                 */
                on: string;
                /**
                 * How, for people.
                 * @example The published API.
                 */
                note: string;
            };
        };
        /** A new key, and its text. */
        MadeApiKey: {
            /**
             * Id of the API key: 24 lowercase hex digits, ordered by time.
             * @example 656a1c10eb4e22533dc44001
             */
            id: string;
            /**
             * Whose it is, or what for: receipts show it as `requested_by`.
             * @example on call
             */
            name: string;
            /**
             * What it may do: `read` to look, `run` to start and change, `cancel` to stop, `admin` all of it and to manage keys. None of the first three brings another with it; to delete a run takes `run` and `cancel`.
             * @example [
             *       "read",
             *       "cancel"
             *     ]
             */
            scopes: ("read" | "run" | "cancel" | "admin")[];
            /**
             * How its text begins, to know it again.
             * @example goldtune_4fQx
             */
            hint: string;
            /**
             * Whether it opens anything just now.
             * @example valid
             * @enum {string}
             */
            standing: "valid" | "expired" | "revoked";
            /**
             * The name of the key that made it.
             * @example admin
             */
            created_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * From then on it opens nothing; ISO 8601, UTC. Null: it does not expire.
             * @example 2027-03-01T00:00:00.000Z
             */
            expires_at: string | null;
            /** To the minute. Null: never. */
            last_used_at: string | null;
            /** Null: it was not. */
            revoked_at: string | null;
            /** The key that was made in its place, if any. */
            replaced_by: string | null;
            /**
             * The key itself, shown this once: what is kept of it is a digest.
             * @example goldtune_4fQx0000000000000000000000000000000000000000000
             */
            key: string;
        };
        KeysListOutput: components["schemas"]["ApiKey"][];
        /** A key of the organization, without the text that opens. */
        ApiKey: {
            /**
             * Id of the API key: 24 lowercase hex digits, ordered by time.
             * @example 656a1c10eb4e22533dc44001
             */
            id: string;
            /**
             * Whose it is, or what for: receipts show it as `requested_by`.
             * @example on call
             */
            name: string;
            /**
             * What it may do: `read` to look, `run` to start and change, `cancel` to stop, `admin` all of it and to manage keys. None of the first three brings another with it; to delete a run takes `run` and `cancel`.
             * @example [
             *       "read",
             *       "cancel"
             *     ]
             */
            scopes: ("read" | "run" | "cancel" | "admin")[];
            /**
             * How its text begins, to know it again.
             * @example goldtune_4fQx
             */
            hint: string;
            /**
             * Whether it opens anything just now.
             * @example valid
             * @enum {string}
             */
            standing: "valid" | "expired" | "revoked";
            /**
             * The name of the key that made it.
             * @example admin
             */
            created_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * From then on it opens nothing; ISO 8601, UTC. Null: it does not expire.
             * @example 2027-03-01T00:00:00.000Z
             */
            expires_at: string | null;
            /** To the minute. Null: never. */
            last_used_at: string | null;
            /** Null: it was not. */
            revoked_at: string | null;
            /** The key that was made in its place, if any. */
            replaced_by: string | null;
        };
        /** A key in the place of another, its text, and the old one, which opens until its `expires_at`. */
        RotatedApiKey: {
            /**
             * Id of the API key: 24 lowercase hex digits, ordered by time.
             * @example 656a1c10eb4e22533dc44001
             */
            id: string;
            /**
             * Whose it is, or what for: receipts show it as `requested_by`.
             * @example on call
             */
            name: string;
            /**
             * What it may do: `read` to look, `run` to start and change, `cancel` to stop, `admin` all of it and to manage keys. None of the first three brings another with it; to delete a run takes `run` and `cancel`.
             * @example [
             *       "read",
             *       "cancel"
             *     ]
             */
            scopes: ("read" | "run" | "cancel" | "admin")[];
            /**
             * How its text begins, to know it again.
             * @example goldtune_4fQx
             */
            hint: string;
            /**
             * Whether it opens anything just now.
             * @example valid
             * @enum {string}
             */
            standing: "valid" | "expired" | "revoked";
            /**
             * The name of the key that made it.
             * @example admin
             */
            created_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * From then on it opens nothing; ISO 8601, UTC. Null: it does not expire.
             * @example 2027-03-01T00:00:00.000Z
             */
            expires_at: string | null;
            /** To the minute. Null: never. */
            last_used_at: string | null;
            /** Null: it was not. */
            revoked_at: string | null;
            /** The key that was made in its place, if any. */
            replaced_by: string | null;
            /**
             * The key itself, shown this once: what is kept of it is a digest.
             * @example goldtune_4fQx0000000000000000000000000000000000000000000
             */
            key: string;
            replaces: components["schemas"]["ApiKey"];
        };
        KeysRevokeOutput: components["schemas"]["ApiKey"] & {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
        };
        PeopleListOutput: components["schemas"]["Member"][];
        /** Somebody who is in the organization. */
        Member: {
            /**
             * Id of the person: 24 lowercase hex digits, ordered by time.
             * @example 6570a2a0eb4e22533dc45001
             */
            id: string;
            /**
             * As receipts show it.
             * @example Grace
             */
            name: string;
            /**
             * In lower case.
             * @example grace@example.com
             */
            email: string;
            /**
             * What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.
             * @example operator
             * @enum {string}
             */
            role: "admin" | "member" | "operator" | "viewer";
            /**
             * Format: date-time
             * When they joined; ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
        };
        /** A new invitation, and its link. */
        MadeInvitation: {
            /**
             * Id of the invitation: 24 lowercase hex digits, ordered by time.
             * @example 6570a2a0eb4e22533dc45002
             */
            id: string;
            /**
             * Null: whoever has the link, which makes the first administrator.
             * @example grace@example.com
             */
            email: string | null;
            /**
             * What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.
             * @example operator
             * @enum {string}
             */
            role: "admin" | "member" | "operator" | "viewer";
            /**
             * The name of who made it.
             * @example Ada
             */
            created_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            expires_at: string;
            /**
             * Whoever opens it joins, once. Shown this once, and sent to nobody: give it to them.
             * @example https://goldtune.example.com/auth/invitation?token=0000000000000000000000000000000000000000000
             */
            link: string;
        };
        PeopleRemoveOutput: components["schemas"]["Member"] & {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
        };
        PeopleInvitationsOutput: components["schemas"]["Invitation"][];
        /** An invitation that is open, without the link that lets somebody in. */
        Invitation: {
            /**
             * Id of the invitation: 24 lowercase hex digits, ordered by time.
             * @example 6570a2a0eb4e22533dc45002
             */
            id: string;
            /**
             * Null: whoever has the link, which makes the first administrator.
             * @example grace@example.com
             */
            email: string | null;
            /**
             * What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.
             * @example operator
             * @enum {string}
             */
            role: "admin" | "member" | "operator" | "viewer";
            /**
             * The name of who made it.
             * @example Ada
             */
            created_by: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            expires_at: string;
        };
        PeopleRevokeInvitationOutput: components["schemas"]["Invitation"] & {
            /** What of the request was ignored, and why; left out where nothing was. */
            warnings?: string[];
        };
        /** Who asks. */
        Me: {
            /**
             * An API key, somebody who is signed in, or whoever is at the machine where neither is needed.
             * @example person
             * @enum {string}
             */
            who: "key" | "person" | "local";
            /**
             * Of the key or the person.
             * @example 6570a2a0eb4e22533dc45001
             */
            id: string;
            /**
             * As receipts show it.
             * @example Grace
             */
            name: string;
            /** Whose runs and records these are. */
            organization: {
                /**
                 * Its id.
                 * @example 000000000000000000000001
                 */
                id: string;
                /**
                 * What it is called.
                 * @example default
                 */
                name: string;
            };
            /**
             * What they may do.
             * @example [
             *       "read",
             *       "cancel"
             *     ]
             */
            scopes: ("read" | "run" | "cancel" | "admin")[];
        };
        AuditListOutput: components["schemas"]["AuditEntry"][];
        /** What somebody did: when, with which key, from where. */
        AuditEntry: {
            /**
             * Its place in the list; pass it as `after`.
             * @example 01a1fa076daf6579eb79eb4e22533dc43fe000000001
             */
            id: string;
            /**
             * Format: date-time
             * ISO 8601, UTC.
             * @example 2026-11-20T17:35:53.263Z
             */
            created_at: string;
            /**
             * What was done, in one word for programs.
             * @example cancel_requested
             */
            type: string;
            /**
             * The same for people.
             * @example Cancellation requested.
             */
            message: string;
            /** Who did it. Null: what is stored of it cannot be read. */
            by: components["schemas"]["Actor"] | null;
            /** What it was done to, which may be deleted since. */
            about: {
                /**
                 * What it was done to: `finetuning`, `key`, `webhook_endpoint`, `db_connection`, `golden_record`, `bulk_cancel`; others may come. Of golden records that were added it is their database connection.
                 * @example finetuning
                 */
                kind: string;
                /**
                 * Its id.
                 * @example 6579eb79eb4e22533dc43fe0
                 */
                id: string;
            };
            /**
             * Of the finetuning, the event that tells the same. Null: it was done to something else.
             * @example 4
             */
            event_id: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
