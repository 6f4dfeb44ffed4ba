"""Where a replayed event is put: as if it had happened in this county."""

COUNTY = "yingxian"
