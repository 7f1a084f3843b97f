//! A checker of refutations: each clause of a proof must follow from the clauses before it by unit propagation, and
//! the last is empty.
//!
//! Deletions are read over: that a clause stays only makes more clauses follow, all of them implied. A clause that
//! needs another argument (RAT) is refused.

/// Clauses, the first two literals of each watched, and what is assigned.
struct Database {
    clauses: Vec<Vec<i32>>,
    /// By literal: clauses that watch it.
    watches: Vec<Vec<usize>>,
    /// By variable: 1 true, -1 false, 0 unknown.
    values: Vec<i8>,
    /// Literals that are true, in the order they became so.
    trail: Vec<i32>,
    /// How much of the trail has been propagated.
    done: usize,
    contradiction: bool,
}

/// Checks that `proof` (in the text form of DRAT) refutes `clauses` over so many variables.
pub fn check(variables: i32, clauses: &[Vec<i32>], proof: &str) -> Result<(), String> {
    let mut database = Database {
        clauses: Vec::new(),
        watches: vec![Vec::new(); 2 * variables as usize + 2],
        values: vec![0; variables as usize + 1],
        trail: Vec::new(),
        done: 0,
        contradiction: false,
    };
    clauses.iter().for_each(|clause| database.add(clause.clone()));
    for (number, line) in proof.lines().enumerate() {
        if line.starts_with(['d', 'c']) {
            continue;
        }
        let literals: Result<Vec<i32>, _> = line.split_whitespace().map(str::parse).collect();
        let mut clause = literals.map_err(|e| format!("line {}: {e}", number + 1))?;
        if clause.pop() != Some(0) || clause.iter().any(|l| *l == 0 || l.abs() > variables) {
            return Err(format!("line {} is no clause", number + 1));
        }
        if !database.implies(&clause) {
            return Err(format!("line {} does not follow by unit propagation", number + 1));
        }
        database.add(clause);
        if database.contradiction {
            return Ok(());
        }
    }
    match database.contradiction {
        true => Ok(()),
        false => Err("the proof ends without the empty clause".to_owned()),
    }
}

fn slot(literal: i32) -> usize {
    2 * literal.unsigned_abs() as usize + usize::from(literal < 0)
}

impl Database {
    fn value(&self, literal: i32) -> i8 {
        self.values[literal.unsigned_abs() as usize] * literal.signum() as i8
    }

    fn assign(&mut self, literal: i32) {
        self.values[literal.unsigned_abs() as usize] = literal.signum() as i8;
        self.trail.push(literal);
    }

    /// Adds a clause for good and propagates what follows.
    fn add(&mut self, mut clause: Vec<i32>) {
        clause.sort_unstable();
        clause.dedup();
        // Literals that are not false come first, to be watched.
        clause.sort_by_key(|&l| self.value(l) < 0);
        match clause[..] {
            [] => self.contradiction = true,
            [first, ..] if self.value(first) < 0 => self.contradiction = true,
            [only] => self.unit(only),
            [first, second, ..] => {
                let number = self.clauses.len();
                self.watches[slot(first)].push(number);
                self.watches[slot(second)].push(number);
                let unit = self.value(second) < 0;
                self.clauses.push(clause);
                if unit {
                    self.unit(first);
                }
            }
        }
    }

    fn unit(&mut self, literal: i32) {
        if self.value(literal) == 0 {
            self.assign(literal);
            self.contradiction |= !self.propagate();
        }
    }

    /// Whether the negation of the clause leads to a contradiction.
    fn implies(&mut self, clause: &[i32]) -> bool {
        let before = self.trail.len();
        let mut found = self.contradiction;
        for &literal in clause {
            match self.value(literal) {
                0 => self.assign(-literal),
                1 => found = true,
                _ => {}
            }
        }
        found = found || !self.propagate();
        for literal in self.trail.split_off(before) {
            self.values[literal.unsigned_abs() as usize] = 0;
        }
        self.done = before;
        found
    }

    /// Assigns what clauses with one literal left force; `false` where one has none left.
    fn propagate(&mut self) -> bool {
        while let Some(&literal) = self.trail.get(self.done) {
            self.done += 1;
            let falsified = slot(-literal);
            let mut kept = 0;
            let watching = std::mem::take(&mut self.watches[falsified]);
            let mut fine = true;
            let mut rest = watching.clone();
            for &number in &watching {
                if fine && self.rewatch(number, -literal, &mut fine) {
                    continue;
                }
                rest[kept] = number;
                kept += 1;
            }
            rest.truncate(kept);
            self.watches[falsified] = rest;
            if !fine {
                return false;
            }
        }
        true
    }

    /// A watched literal of a clause has become false: whether the clause now watches another. Otherwise its other
    /// watched literal is true or is made so; `fine` becomes false if that is impossible.
    fn rewatch(&mut self, number: usize, literal: i32, fine: &mut bool) -> bool {
        let mut clause = std::mem::take(&mut self.clauses[number]);
        if clause[0] == literal {
            clause.swap(0, 1);
        }
        let other = clause[0];
        let replacement = match self.value(other) {
            1 => None,
            _ => (2..clause.len()).find(|&i| self.value(clause[i]) >= 0),
        };
        if let Some(i) = replacement {
            clause.swap(1, i);
            self.watches[slot(clause[1])].push(number);
        } else {
            match self.value(other) {
                0 => self.assign(other),
                -1 => *fine = false,
                _ => {}
            }
        }
        self.clauses[number] = clause;
        replacement.is_some()
    }
}
