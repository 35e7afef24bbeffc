"""The maths of choosing, on numpy arrays: no Django, no I/O. Explained in docs/explanation/recommender.md.

How the pieces are used:

    model = SlateModel(width=34)                     # d features a picture; feature 0 is constant 1
    pool = Candidates(items, features)               # n ascending item numbers, n × d contiguous float32
    context = Context("calm", "adult", "Female", favorite="cat", hour=14, zone="hall")

    belief = model.belief(context, "visitor-id")     # small copy, ~0.1 ms; under the model's lock
    ranked = rank(pool, belief, model.effects, rng, policy=SlatePolicy(), count=24)   # needs no lock
    ranked.order, ranked.scores, ranked.propensities # indexes into the pool; exact chances of the first slots

    model.learn(slate_look(id, "visitor-id", context, items[k], features[k × d], liked[k]))

A **look** is all that is known of one slate: which pictures, in order, which of them liked (none: "seen, none
liked"). Telling a look again under the same `id` replaces it: say it again with one more flag for a second like
in the slate, with one less for a like taken back. `model.forget(visitor)` drops a visitor's memory.

Item numbers are dense non-negative integers given by the caller, forever the same item: a new picture needs no
announcement (it starts from its features and the prior), a withdrawn one is left out of the candidates.
`to_arrays(model)` / `from_arrays(arrays)` (snapshot.py) keep the state bit for bit; folding the same looks in
the same order into equal states gives equal bits on one machine with one number of BLAS threads.
"""
