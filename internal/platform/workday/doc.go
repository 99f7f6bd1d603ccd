// Package workday counts the days of legal clocks: which days are worked in China, and on which day
// a limit of n working days, natural days or months ends.
//
// Holidays come from the State Council's notices as published by NateScarlet/holiday-cn (MIT, folder
// holidays, files unchanged). A file belongs to the notice's year, not to the days': the notice for
// 2019 also moved 29–31 December 2018, so all files are read together. A year without a notice counts
// weekends only, and every answer that leans on such a day is provisional: to be counted again when
// the notice is out, and never silently shortened once it was told to somebody.
//
// Days are civil dates, written YYYY-MM-DD. A Calendar never changes after it was made; In gives a
// region's own calendar with its local entries (half-days, emergencies, orders of a court).
package workday
