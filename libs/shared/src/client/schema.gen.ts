// Generated from docs/openapi.json by "npm run generate". Do not edit.

/** Any JSON value. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface paths {
    "/agent/v1/enroll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Enrolment.enroll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/snapshots/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Snapshots.get"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Enrolment.token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Health.health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/generic/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Webhooks.receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Health.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ApiTokens.list"];
        put?: never;
        post: operations["ApiTokens.issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["ApiTokens.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Apps.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Apps.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Clusters.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusters/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Clusters.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clusters/{name}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["Clusters.setLabels"];
        trace?: never;
    };
    "/v1/clusters/{name}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Clusters.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Drift.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drift/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Drift.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drift/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Drift.report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Groups.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Groups.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CommitDiff.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Groups.hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}/release-hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Groups.releaseHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Groups.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{group}/unquarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Groups.unquarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/join-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["JoinTokens.list"];
        put?: never;
        post: operations["JoinTokens.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/join-tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["JoinTokens.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger.verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Releases.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Releases.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Releases.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases/{id}/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Releases.targets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases/{id}/targets/{app}/{cluster}/manifests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Releases.manifests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollout-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RolloutPlans.plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Rollouts.list"];
        put?: never;
        post: operations["Rollouts.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Rollouts.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Rollouts.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Rollouts.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Rollouts.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Rollouts.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Rollouts.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Rollouts.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Rollouts.targets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{id}/waves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Rollouts.waves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Sources.list"];
        put?: never;
        post: operations["Sources.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Sources.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources/{name}/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Previews.preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources/{name}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Sources.sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Health.version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Targets.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets/{app}/{cluster}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Targets.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets/{app}/{cluster}/confirm-prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Targets.confirmPrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets/{app}/{cluster}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Explain.explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["WhoAmI.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        __schema0: Json;
        __schema1: Json;
        ApiToken: {
            createdAt: string;
            description: string;
            expiresAt: string;
            id: number;
            lastUsedAt: string | null;
            principal: string;
            /** @enum {string} */
            principalKind: "person" | "robot";
            revokedAt: string | null;
            role: components["schemas"]["Role"];
        };
        ApiTokenPage: {
            items: components["schemas"]["ApiToken"][];
            next: string | null;
        };
        App: {
            commit: string | null;
            directory: string;
            errors: {
                cluster: string | null;
                column: number | null;
                file: string;
                hint: string | null;
                line: number | null;
                message: string;
            }[];
            errorsCommit: string | null;
            group: string;
            id: number;
            name: string;
            source: string;
            /** @enum {string} */
            state: "ok" | "invalid" | "orphan-candidate";
        };
        AppDiff: {
            added: number;
            app: string;
            changed: number;
            clusters: string[];
            objects: components["schemas"]["ObjectDiff"][];
            removed: number;
        };
        AppPage: {
            items: components["schemas"]["App"][];
            next: string | null;
        };
        Cluster: {
            agentVersion: string | null;
            annotations: {
                [key: string]: string;
            };
            /** @enum {string} */
            connection: "connected" | "unknown" | "never" | "revoked";
            connectionSince: string;
            createdAt: string;
            id: number;
            kubernetesVersion: string | null;
            labels: {
                [key: string]: string;
            };
            lastHeartbeatAt: string | null;
            name: string;
        };
        ClusterPage: {
            items: components["schemas"]["Cluster"][];
            next: string | null;
        };
        ConfirmPrune: {
            hash: string;
            reason?: string;
        };
        CreateApiToken: {
            /** @default  */
            description: string;
            principal: string;
            /** @enum {string} */
            principalKind: "person" | "robot";
            role: components["schemas"]["Role"];
            ttlSeconds: number;
        };
        CreateJoinToken: {
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            /** @default 1 */
            maxUses: number;
            /** @default * */
            namePattern: string;
            /** @default 3600 */
            ttlSeconds: number;
        };
        CreateRolloutPlan: {
            group: string;
            release?: number;
            strategy?: components["schemas"]["Strategy"];
        };
        CreateSource: {
            name: string;
            /** @default 60 */
            pollIntervalSeconds: number;
            /** @default main */
            ref: string;
            url: string;
            webhookSecret?: string;
        };
        DriftItem: {
            app: string;
            /** @enum {string} */
            change: "changed" | "removed" | "added" | "object-deleted" | "unmanaged";
            closedAt: string | null;
            cluster: string;
            /** @enum {string} */
            confidence: "high" | "low" | "none";
            contended: boolean;
            desired: components["schemas"]["__schema0"];
            firstSeenAt: string;
            id: number;
            live: components["schemas"]["__schema1"];
            manager: string | null;
            managerAt: string | null;
            object: string;
            operation: string | null;
            path: string;
            /** @enum {string} */
            state: "open" | "corrected" | "reverted" | "superseded";
        };
        DriftPage: {
            items: components["schemas"]["DriftItem"][];
            next: string | null;
        };
        DriftReport: {
            asOf: string;
            /** @enum {string} */
            groupBy: "app" | "cluster" | "kind" | "path" | "manager";
            groups: {
                clusters: number;
                corrected: number;
                key: string;
                oldestFirstSeenAt: string;
                open: number;
                other: number;
            }[];
            identical: {
                clusters: number;
                live: components["schemas"]["__schema0"];
                object: string;
                path: string;
            }[];
            since: string | null;
            totals: {
                corrected: number;
                open: number;
                reverted: number;
                superseded: number;
                unmanaged: number;
            };
        };
        Group: {
            activeRollout: number | null;
            apps: string[];
            blocked: string | null;
            hold: {
                policy: string;
                reason: string;
                release: number | null;
                since: string;
            } | null;
            lastRollout: {
                finishedAt: string | null;
                id: number;
                /** @enum {string} */
                state: "planned" | "awaitingStart" | "running" | "paused" | "halted" | "superseding" | "rollingBack" | "succeeded" | "rolledBack" | "rollbackFailed" | "cancelled" | "superseded";
            } | null;
            name: string;
            newestRelease: {
                commit: string;
                id: number;
                number: number;
                state: string;
            } | null;
            quarantine: {
                app: string;
                cluster: string;
                digest: string;
                since: string;
            }[];
            source: string;
        };
        GroupPage: {
            items: components["schemas"]["Group"][];
            next: string | null;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        IssuedApiToken: {
            createdAt: string;
            description: string;
            expiresAt: string;
            id: number;
            lastUsedAt: string | null;
            principal: string;
            /** @enum {string} */
            principalKind: "person" | "robot";
            revokedAt: string | null;
            role: components["schemas"]["Role"];
            token: string;
        };
        IssuedJoinToken: {
            createdAt: string;
            createdBy: string;
            expiresAt: string;
            id: number;
            labels: {
                [key: string]: string;
            };
            maxUses: number;
            namePattern: string;
            revokedAt: string | null;
            token: string;
            uses: number;
        };
        JoinToken: {
            createdAt: string;
            createdBy: string;
            expiresAt: string;
            id: number;
            labels: {
                [key: string]: string;
            };
            maxUses: number;
            namePattern: string;
            revokedAt: string | null;
            uses: number;
        };
        JoinTokenPage: {
            items: components["schemas"]["JoinToken"][];
            next: string | null;
        };
        LabelSelector: {
            matchExpressions?: {
                key: string;
                /** @enum {string} */
                operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
                values?: string[];
            }[];
            matchLabels?: {
                [key: string]: string;
            };
        };
        LedgerEntry: {
            action: string;
            actor: string;
            at: string;
            details: {
                [key: string]: components["schemas"]["__schema0"];
            };
            hash: string | null;
            id: number;
            /** @enum {string} */
            outcome: "done" | "refused";
            reason: string | null;
            subject: string;
        };
        LedgerPage: {
            items: components["schemas"]["LedgerEntry"][];
            next: string | null;
        };
        LedgerVerification: {
            firstBadEntry: number | null;
            head: string | null;
            intact: boolean;
            sealed: number;
            unsealed: number;
        };
        ObjectDiff: {
            /** @enum {string} */
            change: "added" | "removed" | "changed";
            fields: {
                from?: components["schemas"]["__schema0"];
                path: string;
                to?: components["schemas"]["__schema1"];
            }[];
            id: string;
        };
        Preview: {
            author: string;
            commit: string;
            diffs: components["schemas"]["AppDiff"][];
            findings: components["schemas"]["PreviewFinding"][];
            groups: {
                apps: string[];
                clusters: string[];
                makesRelease: boolean;
                name: string;
                /** @enum {string} */
                state: "ready" | "waiting";
            }[];
            guard: string[];
            isComplete: boolean;
            markdown: string;
            more: number;
            ref: string;
            source: string;
            subject: string;
            totals: {
                added: number;
                changed: number;
                clusters: number;
                removed: number;
                targets: number;
                unchanged: number;
            };
            vanished: string[];
        };
        PreviewFinding: {
            app: string | null;
            clusters: string[];
            column: number | null;
            file: string;
            hint: string | null;
            line: number | null;
            message: string;
            /** @enum {string} */
            severity: "error" | "warning";
        };
        Reason: {
            reason: string;
        };
        Release: {
            author: string;
            commit: string;
            createdAt: string;
            digest: string;
            errors: {
                app: string;
                cluster: string | null;
                column: number | null;
                file: string;
                hint: string | null;
                line: number | null;
                message: string;
            }[];
            group: string;
            id: number;
            number: number;
            /** @enum {string} */
            state: "ready" | "waiting";
            subject: string;
            targets: number;
        };
        ReleaseDiff: {
            after: {
                cluster: string | null;
                commit: string;
                number: number;
                release: number;
            };
            before: {
                cluster: string | null;
                commit: string;
                number: number;
                release: number;
            } | null;
            diffs: components["schemas"]["AppDiff"][];
            group: string;
            more: number;
            unchanged: number;
        };
        ReleaseManifests: {
            app: string;
            cluster: string;
            digest: string;
            objects: {
                [key: string]: components["schemas"]["__schema0"];
            }[];
        };
        ReleasePage: {
            items: components["schemas"]["Release"][];
            next: string | null;
        };
        ReleaseTarget: {
            app: string;
            cluster: string;
            digest: string;
            objects: number;
        };
        ReleaseTargetPage: {
            items: components["schemas"]["ReleaseTarget"][];
            next: string | null;
        };
        /** @enum {string} */
        Role: "viewer" | "operator" | "release-manager" | "cluster-admin" | "admin";
        RollBackGroup: {
            planHash?: string;
            reason: string;
            release?: number;
        };
        Rollout: {
            createdAt: string;
            finishedAt: string | null;
            group: string;
            id: number;
            /** @enum {string} */
            kind: "rollout" | "rollback";
            planHash: string;
            reason: string | null;
            release: {
                commit: string;
                id: number;
                number: number;
                subject: string;
            };
            since: string;
            startedBy: string;
            /** @enum {string} */
            state: "planned" | "awaitingStart" | "running" | "paused" | "halted" | "superseding" | "rollingBack" | "succeeded" | "rolledBack" | "rollbackFailed" | "cancelled" | "superseded";
            version: number;
            waves: components["schemas"]["RolloutWave"][];
        };
        RolloutPage: {
            items: components["schemas"]["Rollout"][];
            next: string | null;
        };
        RolloutPlan: {
            blocked: string[];
            group: string;
            needsConfirmation: boolean;
            planHash: string;
            release: {
                commit: string;
                id: number;
                number: number;
            };
            targets: {
                added: number;
                app: string;
                changed: number;
                cluster: string;
                deleted: number;
                from: string | null;
                to: string;
            }[];
            unchanged: number;
            warnings: string[];
            waves: {
                clusters: string[];
                name: string;
            }[];
        };
        RolloutTarget: {
            app: string;
            cluster: string;
            counter: number | null;
            digest: string;
            /** @enum {string} */
            health: "healthy" | "progressing" | "degraded" | "failed" | "suspended" | "unknown";
            previousDigest: string | null;
            reason: string | null;
            since: string;
            /** @enum {string} */
            state: "pending" | "assigned" | "received" | "applied" | "healthy" | "done" | "failed" | "rollingBack" | "rolledBack" | "rollbackFailed" | "offline" | "left" | "untouched";
            wave: number;
        };
        RolloutTargetPage: {
            items: components["schemas"]["RolloutTarget"][];
            next: string | null;
        };
        RolloutWave: {
            clusters: string[];
            counts: {
                done: number;
                failed: number;
                inFlight: number;
                offline: number;
                pending: number;
                total: number;
            };
            name: string;
            ordinal: number;
            reason: string | null;
            since: string;
            soakUntil: string | null;
            /** @enum {string} */
            state: "pending" | "blocked" | "running" | "soaking" | "analysing" | "passed" | "failed" | "skipped";
        };
        RolloutWavePage: {
            items: components["schemas"]["RolloutWave"][];
            next: string | null;
        };
        SetClusterLabels: {
            labels: {
                [key: string]: string | null;
            };
        };
        Source: {
            commit: string | null;
            commitSubject: string | null;
            fetchedAt: string | null;
            id: number;
            name: string;
            pollIntervalSeconds: number;
            reason: string | null;
            ref: string;
            since: string;
            /** @enum {string} */
            state: "pending" | "ok" | "degraded";
            url: string;
        };
        SourcePage: {
            items: components["schemas"]["Source"][];
            next: string | null;
        };
        StartRollout: {
            group: string;
            planHash?: string;
            reason?: string;
            release?: number;
            strategy?: components["schemas"]["Strategy"];
        };
        Strategy: {
            /** @default 60000 */
            degradedGraceMs: number;
            /**
             * @default {
             *       "perWave": 0,
             *       "total": 0
             *     }
             */
            failureBudget: {
                perWave: number | string;
                total: number | string;
            };
            /**
             * @default untilFixed
             * @enum {string}
             */
            hold: "untilFixed" | "untilReleased";
            /** @default 100% */
            maxInFlight: number | string;
            /**
             * @default {
             *       "policy": "catchUp",
             *       "waitMs": 300000
             *     }
             */
            offline: {
                /** @enum {string} */
                policy: "skip" | "wait" | "catchUp";
                waitMs: number;
            };
            /**
             * @default rollback
             * @enum {string}
             */
            onFailure: "rollback" | "halt";
            /**
             * @default supersede
             * @enum {string}
             */
            onNewRelease: "supersede" | "queue";
            /** @default 600000 */
            progressDeadlineMs: number;
            /**
             * @default auto
             * @enum {string}
             */
            trigger: "auto" | "manual";
            waves: components["schemas"]["WaveStrategy"][];
        };
        Target: {
            acknowledged: {
                counter: number;
                digest: string;
                phase: string;
            } | null;
            app: string;
            asOf: string | null;
            cluster: string;
            contended: number;
            counter: number;
            digest: string;
            failing: {
                message: string;
                object: string;
                reason: string;
            }[];
            group: string;
            /** @enum {string} */
            health: "healthy" | "progressing" | "degraded" | "failed" | "suspended" | "unknown";
            /** @enum {string} */
            mode: "reconcile" | "frozen";
            notices: {
                message: string;
                object: string | null;
                reason: string;
            }[];
            openDrift: number;
            pruneHold: {
                count: number;
                hash: string;
                reason: string;
            } | null;
            release: {
                commit: string;
                number: number;
            } | null;
            unmanaged: number;
        };
        TargetDetail: {
            acknowledged: {
                counter: number;
                digest: string;
                phase: string;
            } | null;
            app: string;
            asOf: string | null;
            cluster: string;
            confirmedPrune: string | null;
            contended: number;
            counter: number;
            digest: string;
            failing: {
                message: string;
                object: string;
                pods: {
                    container: string | null;
                    events: {
                        /** Format: date-time */
                        at: string | null;
                        count: number;
                        message: string;
                        reason: string;
                        type: string;
                    }[];
                    log: string | null;
                    name: string;
                    reason: string;
                }[];
                reason: string;
            }[];
            group: string;
            /** @enum {string} */
            health: "healthy" | "progressing" | "degraded" | "failed" | "suspended" | "unknown";
            message: string | null;
            /** @enum {string} */
            mode: "reconcile" | "frozen";
            notices: {
                message: string;
                object: string | null;
                reason: string;
            }[];
            openDrift: number;
            pruneHold: {
                count: number;
                hash: string;
                objects: string[];
                reason: string;
            } | null;
            release: {
                commit: string;
                number: number;
            } | null;
            unmanaged: number;
        };
        TargetExplanation: {
            app: string;
            cluster: string;
            digest: string;
            objects: {
                changes: {
                    at: string | null;
                    /** @enum {string} */
                    by: "patch" | "configMapGenerator" | "secretGenerator" | "namePrefix" | "nameSuffix" | "namespace" | "helm" | "kustomize";
                    file: string;
                    line: number | null;
                }[];
                file: string;
                id: string;
                line: number | null;
                variables: {
                    name: string;
                    value: string | null;
                }[];
            }[];
            release: {
                commit: string;
                id: number;
                number: number;
            };
        };
        TargetPage: {
            items: components["schemas"]["Target"][];
            next: string | null;
        };
        Unquarantine: {
            app?: string;
            cluster?: string;
            reason: string;
            release?: number;
        };
        Version: {
            node: string;
            version: string;
        };
        WaveStrategy: {
            clusters: "all" | {
                percent: number;
            } | components["schemas"]["LabelSelector"];
            maxInFlight?: number | string;
            name: string;
            /** @default 0 */
            soakMs: number;
        };
        WebhookOutcome: {
            /** @enum {string} */
            outcome: "accepted" | "duplicate";
        };
        WhoAmI: {
            permissions: ("fleet.read" | "targets.operate" | "rollouts.manage" | "clusters.manage" | "sources.manage" | "access.manage" | "ledger.read")[];
            principal: string;
            /** @enum {string} */
            principalKind: "person" | "robot";
            role: components["schemas"]["Role"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    "Enrolment.enroll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    agentVersion: string;
                    clusterName: string;
                    fingerprint: string;
                    kubernetesVersion: string;
                    protocolVersion: {
                        major: number;
                        minor: number;
                    };
                    publicKey: {
                        /** @enum {string} */
                        crv: "Ed25519";
                        /** @enum {string} */
                        kty: "OKP";
                        x: string;
                    };
                    token: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        audience: string;
                        clusterId: number;
                        clusterName: string;
                        keyId: string;
                    };
                };
            };
        };
    };
    "Snapshots.get": {
        parameters: {
            query?: never;
            header?: {
                "accept-encoding"?: string;
                authorization?: string;
            };
            path: {
                digest: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    base: string | null;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        blobs: {
                            digest: string;
                            json: string;
                        }[];
                        digest: string;
                        objects: {
                            digest: string;
                            id: string;
                        }[];
                    };
                };
            };
        };
    };
    "Enrolment.token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    client_assertion: string;
                    /** @enum {string} */
                    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                    /** @enum {string} */
                    grant_type: "client_credentials";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access_token: string;
                        expires_in: number;
                        /** @enum {string} */
                        token_type: "Bearer";
                    };
                };
            };
        };
    };
    "Health.health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "Webhooks.receive": {
        parameters: {
            query?: never;
            header?: {
                "x-fairlead-delivery"?: string;
                "x-fairlead-signature"?: string;
                "x-fairlead-timestamp"?: string;
            };
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookOutcome"];
                };
            };
        };
    };
    "Health.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "ApiTokens.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenPage"];
                };
            };
        };
    };
    "ApiTokens.issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedApiToken"];
                };
            };
        };
    };
    "ApiTokens.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "Apps.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppPage"];
                };
            };
        };
    };
    "Apps.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
        };
    };
    "Clusters.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterPage"];
                };
            };
        };
    };
    "Clusters.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
        };
    };
    "Clusters.setLabels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetClusterLabels"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
        };
    };
    "Clusters.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
        };
    };
    "Drift.list": {
        parameters: {
            query?: {
                app?: string;
                change?: "changed" | "removed" | "added" | "object-deleted" | "unmanaged";
                cluster?: string;
                cursor?: string;
                limit?: number;
                manager?: string;
                object?: string;
                path?: string;
                state?: "open" | "corrected" | "reverted" | "superseded";
                unmanaged?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftPage"];
                };
            };
        };
    };
    "Drift.events": {
        parameters: {
            query?: {
                app?: string;
                cluster?: string;
                lastEventId?: string;
            };
            header?: {
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    "Drift.report": {
        parameters: {
            query?: {
                groupBy?: "app" | "cluster" | "kind" | "path" | "manager";
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DriftReport"];
                };
            };
        };
    };
    "Groups.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupPage"];
                };
            };
        };
    };
    "Groups.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    "CommitDiff.diff": {
        parameters: {
            query: {
                againstCommit: string;
                commit: string;
            };
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
        };
    };
    "Groups.hold": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    "Groups.releaseHold": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    "Groups.rollback": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollBackGroup"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Groups.unquarantine": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unquarantine"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    "JoinTokens.list": {
        parameters: {
            query?: {
                cursor?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinTokenPage"];
                };
            };
        };
    };
    "JoinTokens.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateJoinToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedJoinToken"];
                };
            };
        };
    };
    "JoinTokens.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "Ledger.list": {
        parameters: {
            query?: {
                action?: string;
                actor?: string;
                cursor?: string;
                limit?: number;
                outcome?: "done" | "refused";
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerPage"];
                };
            };
        };
    };
    "Ledger.verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerVerification"];
                };
            };
        };
    };
    "Releases.list": {
        parameters: {
            query?: {
                cursor?: string;
                group?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleasePage"];
                };
            };
        };
    };
    "Releases.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
        };
    };
    "Releases.diff": {
        parameters: {
            query?: {
                against?: number;
                againstCluster?: string;
                cluster?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
        };
    };
    "Releases.targets": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseTargetPage"];
                };
            };
        };
    };
    "Releases.manifests": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                cluster: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseManifests"];
                };
            };
        };
    };
    "RolloutPlans.plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRolloutPlan"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolloutPlan"];
                };
            };
        };
    };
    "Rollouts.list": {
        parameters: {
            query?: {
                cursor?: string;
                group?: string;
                limit?: number;
                state?: "planned" | "awaitingStart" | "running" | "paused" | "halted" | "superseding" | "rollingBack" | "succeeded" | "rolledBack" | "rollbackFailed" | "cancelled" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolloutPage"];
                };
            };
        };
    };
    "Rollouts.start": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRollout"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.events": {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    "Rollouts.pause": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.rollback": {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a key repeats the answer. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
        };
    };
    "Rollouts.targets": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolloutTargetPage"];
                };
            };
        };
    };
    "Rollouts.waves": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolloutWavePage"];
                };
            };
        };
    };
    "Sources.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourcePage"];
                };
            };
        };
    };
    "Sources.add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSource"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    "Sources.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    "Previews.preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    app?: string;
                    ref: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
        };
    };
    "Sources.sync": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    "Health.version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    "Targets.list": {
        parameters: {
            query?: {
                app?: string;
                cluster?: string;
                cursor?: string;
                group?: string;
                health?: "healthy" | "progressing" | "degraded" | "failed" | "suspended" | "unknown";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetPage"];
                };
            };
        };
    };
    "Targets.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetDetail"];
                };
            };
        };
    };
    "Targets.confirmPrune": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                cluster: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmPrune"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetDetail"];
                };
            };
        };
    };
    "Explain.explain": {
        parameters: {
            query?: {
                object?: string;
            };
            header?: never;
            path: {
                app: string;
                cluster: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetExplanation"];
                };
            };
        };
    };
    "WhoAmI.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmI"];
                };
            };
        };
    };
}
