// Package names knows how institutions are called: one normal form for comparing names, how alike two names are,
// the abbreviations and the pinyin a name is known by. It is pure, so that rosters, imports, registration and
// the search for duplicates all mean the same by "the same name".
//
// Normalise folds width, case, common traditional characters, brackets and spaces. Core drops the legal form, too
// (有限公司, Co., Ltd.). Similarity weighs what differs: a county's 县 or a legal form little, an ordinal (第一, 第二) or a
// word of substance (工业) much, so that 浙江省人民医院 and 浙江人民医院 are one and 浙江大学 and 浙江工业大学 are two.
package names
