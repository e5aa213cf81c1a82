// A year of a busy pipeline, as the list of its job runs: releases, each to a staging target and
// then to three regions by canary, with retries, failures and every variant that the API has.
import { Random } from "./random.mjs";

const SEED = 4;
const PROJECT = "projects/418820335412/locations/europe-west1";
const PIPELINE = "checkout";
const REGIONS = ["prod-europe", "prod-america", "prod-asia"];
const YEAR_START = Date.UTC(2025, 10, 24);
const YEAR = 365 * 86_400_000;
const RUNS_OF_A_RELEASE = 39;

/** The bytes that the API's list gives for `count` runs, newest first. Its answers are indented. */
export function jobRuns(count) {
  const runs = [];
  const gap = YEAR / Math.ceil(count / RUNS_OF_A_RELEASE);
  for (let release = 0; runs.length < count; release++) {
    addRelease(runs, new Random(SEED + release), YEAR_START + release * gap);
  }
  runs.length = count;
  runs.sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
  return Buffer.from(JSON.stringify({ jobRuns: runs }, null, 2));
}

function addRelease(runs, random, start) {
  const day = new Date(start).toISOString().slice(0, 10).replaceAll("-", "");
  const release = `rel-${day}-${random.hex(7)}`;
  const rollout = (target) =>
    new Rollout(
      runs,
      random,
      `${PROJECT}/deliveryPipelines/${PIPELINE}/releases/${release}/rollouts/${release}-to-${target}`,
    );

  const staging = rollout("staging-0001");
  staging.at = start;
  staging.job("stable", "predeploy");
  staging.job("stable", "deploy");
  if (!staging.job("stable", "verify")) return;

  const parent = rollout("prod-0001");
  parent.at = staging.at + random.between(600, 14_400) * 1000;
  const children = REGIONS.map((region) => rollout(`prod-0001-to-${region}-0001`));
  for (const [step, phase] of ["canary-25", "canary-50", "stable"].entries()) {
    const begins = parent.at;
    for (const [index, child] of children.entries()) {
      parent.at = begins;
      const variant = step === 0 ? "createChildRollout" : "advanceChildRollout";
      parent.job(phase, variant, `${variant}-${index}`, child.name, phase);
      child.at = begins + random.between(2, 20) * 1000;
      if (step === 0) child.job(phase, "predeploy");
      child.job(phase, "deploy");
      child.job(phase, "verify");
      if (phase === "stable") {
        child.job(phase, "postdeploy");
        if (index === 0) child.job(phase, "analysis");
      }
    }
    parent.at = Math.max(...children.map((child) => child.at)) + random.between(300, 1800) * 1000;
  }
}

const SECONDS = {
  predeploy: [10, 90],
  deploy: [40, 180],
  verify: [60, 420],
  postdeploy: [10, 60],
  createChildRollout: [2, 8],
  advanceChildRollout: [2, 8],
  analysis: [900, 1800],
};
const FAILURES = [
  [
    "EXECUTION_FAILED",
    'Verification container "smoke-test" exited with status 1: 3 of 41 checks failed. POST /v1/charges: p99 was 1840 ms, the limit is 800 ms.',
  ],
  [
    "DEADLINE_EXCEEDED",
    "Deployment checkout in namespace shop exceeded its progress deadline of 10m0s: 2 of 6 replicas are available.",
  ],
  ["CLOUD_BUILD_UNAVAILABLE", ""],
  [
    "CLOUD_BUILD_REQUEST_FAILED",
    "generic::failed_precondition: the worker pool private-pool is being updated",
  ],
  [
    "EXECUTION_FAILED",
    'build step 0 "gcr.io/k8s-skaffold/skaffold" failed: step exited with non-zero status: 1 — see the build\'s log',
  ],
];

class Rollout {
  constructor(runs, random, name) {
    this.runs = runs;
    this.random = random;
    this.name = name;
    this.at = 0;
  }

  /** Adds a job's attempts, one after the other, and says whether the last succeeded. */
  job(phaseId, variant, jobId = variant, child, childPhase) {
    const { random } = this;
    for (let attempt = 0; ; attempt++) {
      const fails = random.permille(variant === "verify" ? 120 : 25);
      const terminated = !fails && random.permille(4);
      const createTime = this.at;
      const startTime = createTime + random.between(1, 25) * 1000 + random.below(1000);
      const [low, high] = SECONDS[variant];
      const endTime = startTime + random.between(low, high) * 1000 + random.below(1000);
      const id = random.uuid();
      const time = (millis) =>
        new Date(millis)
          .toISOString()
          .replace("Z", `${String(random.below(1e6)).padStart(6, "0")}Z`);
      const run = {
        name: `${this.name}/jobRuns/${id}`,
        uid: random.hex(32),
        phaseId,
        jobId,
        createTime: time(createTime),
        startTime: time(startTime),
        endTime: time(endTime),
        state: fails ? "FAILED" : terminated ? "TERMINATED" : "SUCCEEDED",
        [`${variant}JobRun`]: this.details(variant, id, fails, child, childPhase),
        etag: random.hex(16),
      };
      if (terminated && random.permille(300)) delete run.startTime;
      this.runs.push(run);
      this.at = endTime + random.between(1, 5) * 1000;
      if (!fails) return !terminated;
      if (attempt === 2) return false;
      this.at += random.between(60, 1200) * 1000;
    }
  }

  details(variant, id, fails, child, childPhase) {
    const { random } = this;
    if (child) return { rollout: child, rolloutPhaseId: childPhase };
    const build = `${PROJECT}/builds/${random.uuid()}`;
    const [failureCause, failureMessage] = random.pick(FAILURES);
    if (variant === "analysis") return analysis(random, build, fails && failureMessage);

    const folder = `gs://europe-west1.deploy-artifacts.shop-prod.appspot.com/${PIPELINE}-5b8cf422a92f53bb/${id}`;
    const details = { build };
    if (fails) Object.assign(details, { failureCause, failureMessage });
    if (variant === "deploy") {
      const revision = `checkout-${random.between(10000, 99999)}-${random.hex(3)}`;
      details.metadata = {
        cloudRun: {
          service: "projects/418820335412/locations/europe-west1/services/checkout",
          serviceUrls: ["https://checkout-418820335412.europe-west1.run.app"],
          revision,
        },
      };
      details.artifact = {
        artifactUri: folder,
        manifestPaths: ["stable/manifest.yaml", "stable/service.yaml"],
      };
    } else {
      details.metadata = {
        custom: {
          values: {
            "orders-placed": String(random.below(900)),
            migration: `00${random.between(10, 99)}_gift_cards`,
          },
        },
      };
      if (variant === "verify")
        Object.assign(details, {
          artifactUri: folder,
          eventLogPath: "skaffold-verify/events.json",
        });
    }
    return details;
  }
}

function analysis(random, build, failureMessage) {
  const policy = `${PROJECT}/alertPolicies/${random.between(1e8, 4e9)}`;
  const budget = {
    id: "error-budget",
    alertPolicies: [policy],
    labels: { service_name: "checkout" },
  };
  const details = {
    alertPolicyAnalyses: [budget],
    customCheckAnalyses: [
      {
        id: "relevance",
        frequency: "300s",
        latestBuild: build,
        metadata: { values: { ndcg: "0.847" } },
      },
    ],
  };
  if (failureMessage) {
    details.failedCheckId = "error-budget";
    budget.failedAlertPolicies = [{ alertPolicy: policy, alerts: [`0.${random.hex(12)}`] }];
    budget.failureMessage = failureMessage;
  }
  return details;
}
