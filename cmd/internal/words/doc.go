// Package words counts the words of texts, for models whose input is a bag of words.
//
// Such a model carries its vocabulary, a word for each column of its input. A text becomes a row by
// counting: column i is the number of times that word i stands in it. Of 20,000 columns a mail
// fills a few hundred, so a row is given by its columns that are not 0, in time proportional to the
// text.
//
// What a word is, is defined in format/SPEC.md under "Words", and is what scikit-learn's
// CountVectorizer takes for one unless told otherwise: in lower case, a maximal run of at least two
// letters, digits or underscores.
package words
