// The configuration of a Slurm that is one machine, on loopback, without cgroups, accounts or a database.
import { hostname } from 'node:os';

export type Ports = { controller: number; node: number; rest: number };

export type Timing = {
  /** Between SIGTERM and SIGKILL, in seconds. */
  kill_wait: number;
  /** How long the record of a job that is over is kept, in seconds. */
  min_job_age: number;
};

export const slurmConf = (home: string, ports: Ports, { kill_wait, min_job_age }: Timing) => `
ClusterName=goldtune
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${ports.controller}
SlurmdPort=${ports.node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${home}/munge/sock
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=${home}/state/jwt.key
StateSaveLocation=${home}/state
SlurmdSpoolDir=${home}/spool
SlurmctldPidFile=${home}/slurmctld.pid
SlurmdPidFile=${home}/slurmd.pid
SlurmctldLogFile=${home}/slurmctld.log
SlurmdLogFile=${home}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
JobRequeue=0
KillWait=${kill_wait}
MinJobAge=${min_job_age}
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000
PartitionName=gpu Nodes=${hostname()} Default=YES MaxTime=INFINITE State=UP
PartitionName=shut Nodes=${hostname()} MaxTime=INFINITE State=DOWN
`;
