// Package sklearn reads trained models of scikit-learn, saved by pickle or joblib.
//
// A fitted estimator is an object whose attributes are its parameters and what it learned. Reading
// goes in three steps: package joblib makes inert records of the file's objects; out of pipelines,
// searches and the like comes a plan, a list of transformers with a model at its end; and each of
// them is written as layers into a draft, in scikit-learn's own order of operations. What an
// estimator computes depends in places on the version that fitted it, which the file tells.
//
// Classes are known by their names, since modules moved over the years. Any class and function of
// scikit-learn may occur in a file, because an estimator drags along splitters, scorers and losses
// that do not matter to its answers; of everything else only the listed may. What matters and cannot
// be expressed in layers is refused by name.
//
// A model of texts takes the words of one text, counted: a vectorizer as the first step becomes the
// layout of the input, and its vocabulary the names of the columns.
//
// Classifiers answer with probabilities where scikit-learn's own predict_proba does so by a sigmoid
// or a softmax, and with decision values elsewhere. Of two classes the second has the only column.
package sklearn
