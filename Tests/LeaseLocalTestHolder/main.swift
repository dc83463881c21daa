// A real process for the tests to kill: takes part in the election of a directory until it is ended.
// Arguments: directory, node, addresses. Writes a line, the number of held claims and the error if any, whenever
// one of them changes. An argument `address=node` makes it write that preference instead, say "0 preferred" and
// wait. SIGTERM is not handled, so every end is a crash.
import Glibc
import Lease
import LeaseLocal
import LinuxSystem
import Time
import Wire

let arguments = CommandLine.arguments
do throws(StoreFailure) {
  let store = try LocalLeaseStore(directory: arguments[1])
  let preferences = arguments.dropFirst(3).compactMap { argument in
    argument.firstIndex(of: "=").flatMap { sign in
      IPAddress(argument[..<sign]).map {
        Preference(address: $0, node: String(argument[argument.index(after: sign)...]))
      }
    }
  }
  if !preferences.isEmpty {
    guard
      case .opened(let session, _) = try await store.open(
        node: arguments[2], timeToLive: nil, within: .seconds(1))
    else { exit(1) }
    try await store.prefer(preferences, by: session, within: .seconds(1))
    print("0 preferred")
    fflush(nil)
    // Until somebody kills it.
    while true { sleep(1000) }
  }
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
