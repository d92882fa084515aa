"""When a request may go: how many at once, how fast, after what wait, and when an endpoint is given up.

`limiter` gives room in the order of samples over `lane`s, one an endpoint. A lane asks `room` (how many at once, by the
`evidence` of what it carried), `rate` and `refill` (how fast, by what it refused and by what its headers say: `pacer`),
`gate` (rests) and `proof` and `doubts` (whether it answers at all); `allowance` is what a user set.
"""
