
export default carryPhotos;
