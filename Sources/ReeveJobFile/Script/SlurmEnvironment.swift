package import ReeveModel

/// The names under which a script written for Slurm looks for what Reeve tells it under its own.
///
/// - Parameters:
///   - job: its id and name are all that must be known of it.
///   - resources: what the script gets.
///   - directory: where it was submitted.
/// - Returns: sorted by name.
package func slurmVariables(of job: JobSpec, resources: Resources, directory: String) -> [TaskTemplate
  .Variable]
{
  let cpus = "\((resources.cpuMillis + 999) / 1_000)"
  let values = [
    ("SLURM_CPUS_ON_NODE", cpus), ("SLURM_CPUS_PER_TASK", cpus), ("SLURM_JOBID", job.id.text),
    ("SLURM_JOB_CPUS_PER_NODE", cpus), ("SLURM_JOB_ID", job.id.text), ("SLURM_JOB_NAME", job.name),
    ("SLURM_JOB_NUM_NODES", "1"), ("SLURM_JOB_USER", job.user), ("SLURM_LOCALID", "0"),
    ("SLURM_MEM_PER_NODE", "\(resources.memory >> 20)"), ("SLURM_NNODES", "1"), ("SLURM_NODEID", "0"),
    ("SLURM_NPROCS", "1"), ("SLURM_NTASKS", "1"), ("SLURM_PROCID", "0"), ("SLURM_SUBMIT_DIR", directory),
  ]
  return (arrayValues(of: job) + values).map { TaskTemplate.Variable(name: $0.0, value: $0.1) }
}

/// What a task of an array is told, its own index when it is launched.
private func arrayValues(of job: JobSpec) -> [(String, String)] {
  guard let array = job.arrays.first, let first = array.runs.first, let last = array.runs.last else {
    return []
  }
  return [
    ("SLURM_ARRAY_JOB_ID", job.id.text), ("SLURM_ARRAY_TASK_COUNT", "\(array.count)"),
    ("SLURM_ARRAY_TASK_ID", "%{index}"), ("SLURM_ARRAY_TASK_MAX", "\(last.last)"),
    ("SLURM_ARRAY_TASK_MIN", "\(first.first)"), ("SLURM_ARRAY_TASK_STEP", "\(first.step)"),
  ]
}
