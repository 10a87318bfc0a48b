"""What computes: photos, arithmetic, networks, data sets, training. Imports no Streamlit."""
