// Package stats is the region's numbers: what each one means, its value, its history, and the rows behind it.
//
// What happened becomes a Fact, written by a reaction in the delivery transaction of its event: the same event twice
// is one fact. A number is a Definition (data: code, names, unit, exact definition, source, version) and a Formula over
// facts; whoever doubts a number opens it and reads its definition and its rows. The public sees rows masked: region
// and kind of organisation, the month, the amount; never a name or an id. The region's authority and the operator see
// them whole.
//
// Stocks (resources, institutions) are not facts: they are counted in the modules that own them and kept once a day
// in stats_stock, so that they have a history too.
//
// The package also holds the portal's home page and the first screen of the desk, which bring the modules' work
// together; what they show comes through the interfaces in deps.go.
//
// Tables: stats_fact, stats_stock. It publishes no events.
package stats
