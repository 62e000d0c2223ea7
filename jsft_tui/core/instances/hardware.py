"""Hardware facts of the `ml.*` training instance types.

Sources: the enum `TrainingInstanceType` of CreateTrainingJob (botocore 1.44.5, 225 values) and, for the
hardware of the EC2 type behind each, EC2's DescribeInstanceTypes (2026-11; p2 and p3 from an older
snapshot, since EC2 has retired them). `p6e-gb200` is in no EC2 snapshot: its GPU memory and NVMe are
unknown. GPU memory is what EC2 reports as usable (A10G and L4: 22.35 GiB of the nominal 24).
"""

from __future__ import annotations

FAMILIES = """\
c4 | - | xlarge 4/7.5, 2xlarge 8/15, 4xlarge 16/30, 8xlarge 36/60
c5 | - | xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 9xlarge 36/72, 18xlarge 72/144
c5n | - | xlarge 4/10.5, 2xlarge 8/21, 4xlarge 16/42, 9xlarge 36/96, 18xlarge 72/192
c6i | - | xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 8xlarge 32/64, 12xlarge 48/96, 16xlarge 64/128, \\
    24xlarge 96/192, 32xlarge 128/256
c7i | - | large 2/4, xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 8xlarge 32/64, 12xlarge 48/96, \\
    16xlarge 64/128, 24xlarge 96/192, 48xlarge 192/384
c7i-flex | - | xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 8xlarge 32/64, 12xlarge 48/96, 16xlarge 64/128
c8i | - | xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 8xlarge 32/64, 12xlarge 48/96, 16xlarge 64/128, \\
    24xlarge 96/192, 32xlarge 128/256, 48xlarge 192/384, 96xlarge 384/768
c8i-flex | - | xlarge 4/8, 2xlarge 8/16, 4xlarge 16/32, 8xlarge 32/64, 12xlarge 48/96, 16xlarge 64/128
g4dn | T4, 16 | xlarge 4/16/1+125, 2xlarge 8/32/1+225, 4xlarge 16/64/1+225, 8xlarge 32/128/1+900, \\
    12xlarge 48/192/4+900, 16xlarge 64/256/1+900
g5 | A10G, 22.35 | xlarge 4/16/1+250, 2xlarge 8/32/1+450, 4xlarge 16/64/1+600, 8xlarge 32/128/1+900, \\
    12xlarge 48/192/4+3800, 16xlarge 64/256/1+1900, 24xlarge 96/384/4+3800, 48xlarge 192/768/8+7600
g6 | L4, 22.35 | xlarge 4/16/1+250, 2xlarge 8/32/1+450, 4xlarge 16/64/1+600, 8xlarge 32/128/1+900, \\
    12xlarge 48/192/4+3760, 16xlarge 64/256/1+1880, 24xlarge 96/384/4+3760, 48xlarge 192/768/8+7520
g6e | L40S, 44.7 | xlarge 4/32/1+250, 2xlarge 8/64/1+450, 4xlarge 16/128/1+600, 8xlarge 32/256/1+900, \\
    12xlarge 48/384/4+3800, 16xlarge 64/512/1+1900, 24xlarge 96/768/4+3800, 48xlarge 192/1536/8+7600
g7 | RTX PRO 4500, 32 | 2xlarge 8/32/1+440, 4xlarge 16/64/1+875, 8xlarge 32/128/1+930, \\
    12xlarge 48/192/2+1900, 24xlarge 96/384/4+3800, 48xlarge 192/768/8+7600
g7e | RTX PRO 6000, 96 | 2xlarge 8/64/1+1900, 4xlarge 16/128/1+1900, 8xlarge 32/256/1+1900, \\
    12xlarge 48/512/2+3800, 24xlarge 96/1024/4+7600, 48xlarge 192/2048/8+15200
m4 | - | xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 10xlarge 40/160, 16xlarge 64/256
m5 | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 12xlarge 48/192, 24xlarge 96/384
m6i | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 8xlarge 32/128, 12xlarge 48/192, \\
    16xlarge 64/256, 24xlarge 96/384, 32xlarge 128/512
m7i | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 8xlarge 32/128, 12xlarge 48/192, \\
    16xlarge 64/256, 24xlarge 96/384, 48xlarge 192/768
m7i-flex | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 8xlarge 32/128, 12xlarge 48/192, \\
    16xlarge 64/256
m8i | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 8xlarge 32/128, 12xlarge 48/192, \\
    16xlarge 64/256, 24xlarge 96/384, 32xlarge 128/512, 48xlarge 192/768, 96xlarge 384/1536
m8i-flex | - | large 2/8, xlarge 4/16, 2xlarge 8/32, 4xlarge 16/64, 8xlarge 32/128, 12xlarge 48/192, \\
    16xlarge 64/256
p2 | K80, 12 | xlarge 4/61/1, 8xlarge 32/488/8, 16xlarge 64/732/16
p3 | V100, 16 | 2xlarge 8/61/1, 8xlarge 32/244/4, 16xlarge 64/488/8
p3dn | V100, 32 | 24xlarge 96/768/8+1800
p4d | A100, 40 | 24xlarge 96/1152/8+8000
p4de | A100, 80 | 24xlarge 96/1152/8+8000
p5 | H100, 80 | 4xlarge 16/256/1+3800, 48xlarge 192/2048/8+30400
p5e | H200, 141 | 48xlarge 192/2048/8+30400
p5en | H200, 141 | 48xlarge 192/2048/8+30400
p6-b200 | B200, 179.06 | 48xlarge 192/2048/8+30400
p6-b300 | B300, 268.59 | 48xlarge 192/4096/8+30400
p6e-gb200 | GB200, ? | 36xlarge 144/960/4+?
r5 | - | large 2/16, xlarge 4/32, 2xlarge 8/64, 4xlarge 16/128, 8xlarge 32/256, 12xlarge 48/384, \\
    16xlarge 64/512, 24xlarge 96/768
r5d | - | large 2/16+75, xlarge 4/32+150, 2xlarge 8/64+300, 4xlarge 16/128+600, 8xlarge 32/256+1200, \\
    12xlarge 48/384+1800, 16xlarge 64/512+2400, 24xlarge 96/768+3600
r6i | - | large 2/16, xlarge 4/32, 2xlarge 8/64, 4xlarge 16/128, 8xlarge 32/256, 12xlarge 48/384, \\
    16xlarge 64/512, 24xlarge 96/768, 32xlarge 128/1024
r7i | - | large 2/16, xlarge 4/32, 2xlarge 8/64, 4xlarge 16/128, 8xlarge 32/256, 12xlarge 48/384, \\
    16xlarge 64/512, 24xlarge 96/768, 48xlarge 192/1536
r8i | - | large 2/16, xlarge 4/32, 2xlarge 8/64, 4xlarge 16/128, 8xlarge 32/256, 12xlarge 48/384, \\
    16xlarge 64/512, 24xlarge 96/768, 32xlarge 128/1024, 48xlarge 192/1536, 96xlarge 384/3072
r8i-flex | - | large 2/16, xlarge 4/32, 2xlarge 8/64, 4xlarge 16/128, 8xlarge 32/256, 12xlarge 48/384, \\
    16xlarge 64/512
t3 | - | medium 2/4, large 2/8, xlarge 4/16, 2xlarge 8/32
trn1 | Trainium, - | 2xlarge 8/32/1+474, 32xlarge 128/512/16+7600
trn1n | Trainium, - | 32xlarge 128/512/16+7600
trn2 | Trainium2, - | 48xlarge 192/2048/16+7600
"""
"""One line a family (a backslash continues it): `family | accelerator, GiB each | sizes`.

A size is `name vCPUs/GiB of memory[/accelerators][+GB of local NVMe]`; `-` is none, `?` is unknown.
"""
