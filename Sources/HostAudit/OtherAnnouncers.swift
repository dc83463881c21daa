/// Programs that answer for addresses of their own, as `/proc/<pid>/comm` names them (15 octets),
/// with what to do about each.
let otherAnnouncers: [String: String] = [
  "keepalived": "remove the address from its virtual_ipaddress blocks, or stop it",
  "ucarp": "stop it, or give it another address",
  "vrrpd": "stop it, or give it another address",
  "uvrrpd": "stop it, or give it another address",
  "speaker": "this looks like MetalLB's speaker: exclude the address from its L2Advertisement",
  "kube-vip": "turn off its ARP mode (vip_arp), or give it another address",
  "lbnodeagent": "this looks like PureLB: exclude the address from its ServiceGroup",
  "cilium-agent": "check that its L2 announcements are off (enable-l2-announcements: false)",
]
