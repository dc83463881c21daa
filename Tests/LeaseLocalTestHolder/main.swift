// A real process for the tests to kill: takes part in the election of a directory until it is ended.
// Arguments: directory, node, addresses. Writes a line, the number of held claims and the error if any, whenever
// one of them changes. SIGTERM is not handled, so every end is a crash.
import Glibc
import Lease
import LeaseLocal
import LinuxSystem
import Time
import Wire

let arguments = CommandLine.arguments
do throws(StoreFailure) {
  let store = try LocalLeaseStore(directory: arguments[1])
  let driver = LeaseDriver(store: store, node: arguments[2], timing: nil, now: { .now })
  driver.compete(for: Set(arguments.dropFirst(3).compactMap { IPAddress($0) }))
  async let run: Void = driver.run()
  var last = ""
  for await view in driver.views {
    let line = "\(view.held.count) \(view.error?.text ?? "")"
    if line == last { continue }
    last = line
    print(line)
    fflush(nil)
  }
  await run
} catch {
  print(error)
  exit(1)
}
