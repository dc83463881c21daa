internal import Lease
