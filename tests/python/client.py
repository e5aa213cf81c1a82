"""Google's own Cloud Deploy client against the stand-in.

usage: client.py BASE_URL TOKEN < rollouts.json

The rollouts are a list of full names. Prints what was checked, a line each; the first thing that
is not as it should be ends it with an error.
"""

import json
import socket
import sys
import urllib.request
import uuid

from google.api_core import exceptions
from google.auth.exceptions import RefreshError
from google.cloud import deploy_v1
from google.cloud.deploy_v1.services.cloud_deploy.transports import CloudDeployRestTransport
from google.oauth2.credentials import Credentials
from google.protobuf.json_format import ParseError

State = deploy_v1.JobRun.State


def stay_on_loopback():
    """Makes it an error to connect to anything but 127.0.0.1, whatever the libraries try."""
    for name in ["connect", "connect_ex"]:
        setattr(socket.socket, name, only_loopback(getattr(socket.socket, name)))


def only_loopback(connect):
    def checked_connect(self, address):
        if self.family != socket.AF_INET or address[0] != "127.0.0.1":
            raise AssertionError(f"a connection to {address} was tried")
        return connect(self, address)

    return checked_connect


def client(base_url, token):
    transport = CloudDeployRestTransport(
        host=base_url.removeprefix("http://"),
        credentials=Credentials(token=token),
        url_scheme="http",
    )
    return deploy_v1.CloudDeployClient(transport=transport)


def stand_in(base_url, method, path, body=None):
    """Steers the stand-in by its own paths."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base_url}/stand-in/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read()
        return json.loads(text) if text else None


def checked(what):
    print(f"checked: {what}", flush=True)


def raises(expected, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except expected as error:
        return error
    raise AssertionError(f"no {expected} was raised")


def refuses(status, call, *args, **kwargs):
    """That a call is a bad request of a certain kind. Over REST the client goes by the HTTP status
    alone, so that FAILED_PRECONDITION and INVALID_ARGUMENT are both BadRequest."""
    error = raises(exceptions.BadRequest, call, *args, **kwargs)
    assert error.response.json()["error"]["status"] == status, error
    return error


def rollout_of(rollouts, pipeline):
    return next(name for name in rollouts if f"/deliveryPipelines/{pipeline}/" in name)


def check_lists(deploy, rollouts):
    for rollout in rollouts:
        if "/deliveryPipelines/museum/" in rollout:
            continue
        whole = list(deploy.list_job_runs(parent=rollout))
        request = deploy_v1.ListJobRunsRequest(parent=rollout, page_size=2)
        pager = deploy.list_job_runs(request=request)
        pages = [list(page.job_runs) for page in pager.pages]
        assert all(len(page) == 2 for page in pages[:-1]), pages
        assert [run for page in pages for run in page] == whole, rollout
        for run in whole:
            assert deploy.get_job_run(name=run.name) == run, run.name
            uuid.UUID(run.name.rsplit("/", 1)[1])
            assert run.phase_id and run.job_id and run.etag and len(run.uid) == 32
            assert run.state != State.STATE_UNSPECIFIED
            assert run.create_time.year >= 2020
        created = [run.create_time.timestamp_pb().ToNanoseconds() for run in whole]
        assert created == sorted(created, reverse=True), "newest first"
        checked(f"{len(whole)} runs in {len(pages)} pages of 2, each also by get: {rollout.split('/')[-1]}")


def check_details(deploy, rollouts):
    runs = list(deploy.list_job_runs(parent=rollout_of(rollouts, "payments-api")))
    verify, first = runs[0].verify_job_run, runs[-1].deploy_job_run
    assert verify.failure_cause == deploy_v1.VerifyJobRun.FailureCause.EXECUTION_FAILED
    assert "checks failed" in verify.failure_message and verify.event_log_path
    assert verify.artifact_uri.startswith("gs://") and "/builds/" in verify.build
    assert list(first.artifact.manifest_paths) == ["canary-25/manifest.yaml"]

    runs = {run.job_id: run for run in deploy.list_job_runs(parent=rollout_of(rollouts, "edge-rules"))}
    metadata = runs["deploy"].deploy_job_run.metadata
    assert metadata.custom_target.skip_message.startswith("No changes")
    assert metadata.custom.values["workspace"] == "edge-prod"

    runs = list(deploy.list_job_runs(parent=rollout_of(rollouts, "fleet-config")))
    created = [run.create_child_rollout_job_run.rollout for run in runs]
    assert sum(rollout != "" for rollout in created) == 3
    checked("failures, artifacts, metadata and child rollouts are what Google's types say")


def check_all_variants(deploy, base_url, token, rollouts):
    """Google's types read every exhibit but two that break them on purpose."""
    all_variants = rollout_of(rollouts, "museum")
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{base_url}/v1/{all_variants}/jobRuns?pageSize=1000", headers=headers)
    with urllib.request.urlopen(request) as response:
        raw = json.load(response)["jobRuns"]
    unreadable = set()
    for run in raw:
        try:
            read = deploy.get_job_run(name=run["name"])
        except ParseError:
            unreadable.add(run["jobId"])
            continue
        # A state that the client does not know is left out.
        known = run.get("state") in State.__members__
        assert read.state.name == (run["state"] if known else "STATE_UNSPECIFIED"), run
        variants = {"deployJobRun": read.deploy_job_run, "verifyJobRun": read.verify_job_run}
        for variant, details in variants.items():
            sent = run.get(variant, {})
            # One exhibit has a text there, whose characters the client takes for unknown fields.
            cause = sent.get("failureCause", "FAILURE_CAUSE_UNSPECIFIED") if isinstance(sent, dict) else ""
            if cause in type(details).FailureCause.__members__:
                assert details.failure_cause.name == cause, run
    assert unreadable == {"two-variants", "unreadable-time"}, unreadable
    checked(f"{len(raw)} museum pieces, of which {len(unreadable)} the types cannot hold")


def check_filters(deploy, rollouts):
    parent = rollout_of(rollouts, "payments-api")

    def jobs(**query):
        return [
            f"{run.phase_id}/{run.job_id}"
            for run in deploy.list_job_runs(request=deploy_v1.ListJobRunsRequest(parent=parent, **query))
        ]

    assert jobs(filter="state=FAILED") == ["canary-50/verify"] * 3
    assert jobs(filter='state="SUCCEEDED" AND phaseId="canary-25"', page_size=1) == [
        "canary-25/verify",
        "canary-25/deploy",
    ]
    assert jobs(filter="jobId=deploy", order_by="createTime") == ["canary-25/deploy", "canary-50/deploy"]
    error = refuses("INVALID_ARGUMENT", jobs, filter="state=")
    assert "at character 7" in error.message, error
    refuses("INVALID_ARGUMENT", jobs, order_by="colour")
    refuses("INVALID_ARGUMENT", jobs, page_size=-1)
    refuses("INVALID_ARGUMENT", jobs, page_token="garbage")
    checked("filter, order_by and page_size, and that what is wrong with them is INVALID_ARGUMENT")


def check_terminate(deploy, base_url, rollouts):
    parent = rollout_of(rollouts, "checkout")
    live = next(run for run in deploy.list_job_runs(parent=parent) if run.state == State.IN_PROGRESS)
    assert deploy.terminate_job_run(name=live.name) == deploy_v1.TerminateJobRunResponse()
    seen = []
    for _ in range(10):
        run = deploy.get_job_run(name=live.name)
        assert run.etag != live.etag
        seen.append(run.state)
        if run.state == State.TERMINATED:
            break
        stand_in(base_url, "POST", "clock", {"advance": 2})
    assert seen == [State.TERMINATING, State.TERMINATING, State.TERMINATED], seen
    assert run.end_time > run.start_time
    checked("terminate, and polling through TERMINATING to TERMINATED")

    error = refuses("FAILED_PRECONDITION", deploy.terminate_job_run, name=live.name)
    assert error.reason == "JOB_RUN_NOT_IN_PROGRESS", error.reason
    checked(f"a second terminate is {type(error).__name__}: {error.message}")

    frozen = rollout_of(rollouts, "recommendations")
    live = next(run for run in deploy.list_job_runs(parent=frozen) if run.state == State.IN_PROGRESS)
    error = refuses("FAILED_PRECONDITION", deploy.terminate_job_run, name=live.name)
    policy = error.details[0]["policyViolationDetails"][0]["policy"]
    request = deploy_v1.TerminateJobRunRequest(name=live.name, override_deploy_policy=[policy])
    deploy.terminate_job_run(request=request)
    assert deploy.get_job_run(name=live.name).state == State.TERMINATING
    checked("a deploy policy forbids to terminate until it is overridden")


def check_browsing(deploy, rollouts):
    parent = rollouts[0].split("/deliveryPipelines/")[0]
    project = parent.split("/locations/")[0]
    locations = deploy.list_locations(request={"name": project}).locations
    assert parent in [location.name for location in locations], locations

    targets = list(deploy.list_targets(request={"parent": parent, "page_size": 3}))
    assert len({target.name for target in targets}) == len(targets) > 3
    kinds = {target.target_id: deploy_v1.Target.pb(target).WhichOneof("deployment_target") for target in targets}
    assert (kinds["prod"], kinds["prod-gke"], kinds["fleet"]) == ("run", "gke", "multi_target"), kinds
    assert deploy.get_target(name=targets[0].name) == targets[0]
    checked(f"{len(targets)} targets, {len(locations)} locations")

    found = {}
    pipelines = list(deploy.list_delivery_pipelines(parent=parent))
    for pipeline in pipelines:
        assert deploy.get_delivery_pipeline(name=pipeline.name) == pipeline
        assert pipeline.serial_pipeline.stages and len(pipeline.uid) == 32
        every = list(deploy.list_rollouts(parent=f"{pipeline.name}/releases/-"))
        releases = list(deploy.list_releases(parent=pipeline.name))
        created = [release.create_time for release in releases]
        assert created == sorted(created, reverse=True), "newest first"
        of_releases = []
        for release in releases:
            assert deploy.get_release(name=release.name) == release
            of_releases += deploy.list_rollouts(parent=release.name)
        assert len(of_releases) == len(every)
        found.update({rollout.name: rollout for rollout in every})
    assert set(found) == set(rollouts), set(found) ^ set(rollouts)
    checked(f"{len(pipelines)} pipelines with their releases, and {len(found)} rollouts below them")

    for name, rollout in found.items():
        assert deploy.get_rollout(name=name) == rollout
        assert rollout.state != deploy_v1.Rollout.State.STATE_UNSPECIFIED
        assert rollout.approval_state != deploy_v1.Rollout.ApprovalState.APPROVAL_STATE_UNSPECIFIED
        for phase in rollout.phases:
            for job in jobs_of(phase):
                if job.job_run and "/museum/" not in name:
                    run = deploy.get_job_run(name=job.job_run)
                    assert (run.phase_id, run.job_id) == (phase.id, job.id)

    pipeline = rollouts[0].split("/releases/")[0]
    # As gcloud asks.
    request = {
        "parent": f"{pipeline}/releases/-",
        "filter": 'targetId="prod" AND state="SUCCEEDED"',
        "order_by": "DeployEndTime desc",
    }
    states = [rollout.state.name for rollout in deploy.list_rollouts(request=request)]
    assert states == ["SUCCEEDED"], states
    refuses("INVALID_ARGUMENT", deploy.list_releases, request={"parent": pipeline, "filter": "phaseId=x"})
    checked("each rollout also by get, the jobs' latest runs, and gcloud's filters")


def jobs_of(phase):
    """The jobs of a phase that are there; this client knows no analysis jobs."""
    of = phase.deployment_jobs
    jobs = [of.predeploy_job, of.deploy_job, of.verify_job, of.postdeploy_job]
    jobs += [*phase.child_rollout_jobs.create_rollout_jobs, *phase.child_rollout_jobs.advance_rollout_jobs]
    return [job for job in jobs if job.id]


def check_actions(deploy, base_url, rollouts):
    def states(name):
        rollout = deploy.get_rollout(name=name)
        return [rollout.state.name, *(phase.state.name for phase in rollout.phases)]

    failed = rollout_of(rollouts, "payments-api")
    before = deploy.get_rollout(name=failed).phases[1].deployment_jobs.verify_job
    assert before.state == deploy_v1.Job.State.FAILED
    request = {"rollout": failed, "phase_id": "canary-50", "job_id": "verify"}
    deploy.retry_job(**request)
    stand_in(base_url, "POST", "clock", {"advance": 30})
    after = deploy.get_rollout(name=failed).phases[1].deployment_jobs.verify_job
    assert after.state == deploy_v1.Job.State.IN_PROGRESS and after.job_run != before.job_run
    error = refuses("FAILED_PRECONDITION", deploy.retry_job, **request)
    assert error.reason == "JOB_NOT_FAILED", error.reason
    raises(exceptions.NotFound, deploy.retry_job, rollout=failed, phase_id="none", job_id="verify")
    deploy.terminate_job_run(name=after.job_run)
    stand_in(base_url, "POST", "clock", {"advance": 5})
    deploy.ignore_job(**request)
    verify = deploy.get_rollout(name=failed).phases[1].deployment_jobs.verify_job
    assert verify.state == deploy_v1.Job.State.IGNORED
    assert states(failed) == ["IN_PROGRESS", "SUCCEEDED", "SUCCEEDED", "PENDING"], states(failed)
    checked("retry_job runs a job again, and ignore_job lets its phase go on")

    deploy.advance_rollout(name=failed, phase_id="stable")
    stand_in(base_url, "POST", "clock", {"advance": 3})
    assert states(failed)[3] == "IN_PROGRESS", states(failed)
    waiting = rollout_of(rollouts, "inventory")
    refuses("FAILED_PRECONDITION", deploy.advance_rollout, name=waiting, phase_id="canary-50")
    assert states(waiting) == ["IN_PROGRESS", "SUCCEEDED", "PENDING"], states(waiting)
    deploy.advance_rollout(name=waiting, phase_id="stable")
    stand_in(base_url, "POST", "clock", {"advance": 3})
    assert states(waiting)[2] == "IN_PROGRESS", states(waiting)
    checked("advance_rollout starts a phase that waits")

    pending = rollout_of(rollouts, "notifications")
    assert states(pending) == ["PENDING_APPROVAL", "PENDING"], states(pending)
    deploy.approve_rollout(request={"name": pending, "approved": True})
    approval = deploy.get_rollout(name=pending)
    assert approval.approval_state == deploy_v1.Rollout.ApprovalState.APPROVED and approval.approve_time
    refuses("FAILED_PRECONDITION", deploy.approve_rollout, request={"name": pending, "approved": False})
    checked("approve_rollout approves, once")

    deploy.cancel_rollout(name=waiting)
    assert states(waiting)[0] == "CANCELLING", states(waiting)
    stand_in(base_url, "POST", "clock", {"advance": 5})
    assert states(waiting)[0] == "CANCELLING", states(waiting)
    stand_in(base_url, "POST", "clock", {"advance": 3600})
    assert states(waiting) == ["CANCELLED", "SUCCEEDED", "ABORTED"], states(waiting)
    refuses("FAILED_PRECONDITION", deploy.cancel_rollout, name=waiting)
    stand_in(base_url, "POST", "faults", {"kind": "status", "status": 503, "times": 1, "on": "act"})
    raises(exceptions.ServiceUnavailable, deploy.cancel_rollout, name=failed)
    checked("cancel_rollout waits for what runs; an action is not tried again")


def check_errors(deploy, base_url, rollouts):
    parent = rollout_of(rollouts, "checkout")
    missing = f"{parent}/jobRuns/{uuid.UUID(int=0)}"
    raises(exceptions.NotFound, deploy.get_job_run, name=missing)
    raises(exceptions.NotFound, deploy.terminate_job_run, name=missing)
    raises(exceptions.NotFound, deploy.list_job_runs, parent=f"{parent}x")
    checked("what is missing is NotFound")

    for status, expected in [
        (403, exceptions.Forbidden),
        (409, exceptions.Conflict),
        (429, exceptions.TooManyRequests),
        (500, exceptions.InternalServerError),
    ]:
        stand_in(base_url, "POST", "faults", {"kind": "status", "status": status, "times": 1})
        raises(expected, deploy.list_job_runs, parent=parent)
    stand_in(base_url, "POST", "faults", {"kind": "status", "status": 503, "times": 1})
    assert len(list(deploy.list_job_runs(parent=parent))) > 0
    stand_in(base_url, "POST", "faults", {"kind": "status", "status": 503, "times": 1, "on": "terminate"})
    raises(exceptions.ServiceUnavailable, deploy.terminate_job_run, name=missing)
    checked("faults are the errors that they stand for; 503 is tried again for list, not for terminate")

    # The session answers a 401 by fetching a new token, which these credentials cannot.
    for call in [client(base_url, "wrong").list_job_runs, client(base_url, "").list_job_runs]:
        error = raises((exceptions.Unauthorized, RefreshError), call, parent=parent)
    status = stand_in(base_url, "GET", "requests")[-1]["status"]
    assert status == 401, status
    checked(f"a wrong token is refused with 401, of which the client makes {type(error).__name__}")


def main():
    base_url, token = sys.argv[1:]
    rollouts = json.load(sys.stdin)
    stay_on_loopback()
    deploy = client(base_url, token)
    check_lists(deploy, rollouts)
    check_details(deploy, rollouts)
    check_all_variants(deploy, base_url, token, rollouts)
    check_filters(deploy, rollouts)
    check_browsing(deploy, rollouts)
    check_terminate(deploy, base_url, rollouts)
    check_actions(deploy, base_url, rollouts)
    check_errors(deploy, base_url, rollouts)
    print("all checked", flush=True)


main()
