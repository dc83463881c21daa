// Says whether `Instant.now` is CLOCK_BOOTTIME: meant to be run in a time namespace that sets the boot clock far
// ahead of the monotonic one. /proc/uptime tells the boot clock of the namespace (time_namespaces(7)).
// Exit codes: 0 it is, 1 it is another clock, 2 nothing to compare with.
import Glibc
import LinuxSystem
import Time

guard let file = unsafe fopen("/proc/uptime", "r") else { exit(2) }
var line: [CChar] = Array(repeating: 0, count: 64)
let length = unsafe fread(&line, 1, 63, file)
let text = String(
  decoding: line[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
guard let first = text.split(separator: " ").first, let uptime = Double(first) else { exit(2) }
let reading = Double(Instant.now.nanoseconds) / 1e9
print("Instant.now \(reading) s, boot clock \(uptime) s")
exit(abs(reading - uptime) < 1 ? 0 : 1)
